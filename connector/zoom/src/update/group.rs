//! Changing groups: the name, and who belongs to it.

use connector_base::attribute::{NAME, applied, single};
use connector_base::connector::{SideEffects, Update};
use connector_base::error::{Error, Result};
use connector_base::runtime::wait;
use connector_base::value::Value;

use super::{each_names_something, missing};
use crate::Zoom;
use crate::read::people;
use crate::schema::GROUP;
use crate::steps::{People, Step};

impl Zoom {
    /// Changes a group.
    pub(crate) fn update_group(&self, update: &Update) -> Result<SideEffects> {
        let client = self.client.until(update.options.deadline);
        let group = wait(client.group(&update.uid))?.ok_or_else(|| Error::unknown_uid(GROUP, &update.uid))?;
        let mut steps = Vec::new();
        for (attribute, change) in &update.changes {
            if attribute.name == NAME {
                let after = applied(change, attribute, &[Value::text(group.name())]);
                match single(NAME, &after)?.and_then(Value::as_text) {
                    Some(name) if name != group.name() => steps.push(Step::Rename(name.to_owned())),
                    Some(_) => {}
                    None => return Err(Error::attribute(NAME, "a group cannot be without a name")),
                }
                continue;
            }
            let whom = if attribute.name == People::Admins.attribute() { People::Admins } else { People::Members };
            let before = wait(people(&client, whom, group.id()))?;
            let after = applied(change, attribute, &before);
            each_names_something(attribute, &after)?;
            let added = missing(&after, &before);
            steps.extend(added.chunks(whom.at_once()).map(|users| Step::AddPeople(whom, users.to_vec())));
            steps.extend(missing(&before, &after).into_iter().map(|user| Step::RemovePerson(whom, user)));
        }
        let name = steps.iter().find_map(|step| match step {
            Step::Rename(name) => Some(name.clone()),
            _ => None,
        });
        self.take(&client, group.id(), steps, Vec::new())?;
        Ok(SideEffects { uid: None, name })
    }
}
