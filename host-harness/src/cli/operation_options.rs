//! `--option NAME=VALUE`: the options of an operation, by ConnId's names or the connector's own.
//!
//! | name | value |
//! |---|---|
//! | `ATTRS_TO_GET` | names, separated by commas |
//! | `RETURN_DEFAULT_ATTRIBUTES` | `true`: in addition to `ATTRS_TO_GET` |
//! | `PAGE_SIZE`, `PAGED_RESULTS_OFFSET`, `PAGED_RESULTS_COOKIE` | number, number, cookie |
//! | `SORT_KEYS` | names, separated by commas, `-` before those that go downwards |
//! | `SCOPE` | `object`, `onelevel` or `subtree` |
//! | `CONTAINER` | `CLASS:UID` |
//! | `ALLOW_PARTIAL_RESULTS`, `ALLOW_PARTIAL_ATTRIBUTE_VALUES` | `true` or `false` |
//! | `RUN_AS_USER`, `RUN_WITH_PASSWORD` | user; secret, best as `@FILE` |
//! | anything else | of the type that the schema says, or text |

use std::num::NonZeroU32;
use std::path::Path;
use std::str::FromStr;

use clap::Args;
use host_harness::model::{
    AttributesToGet, Container, ExtraOption, Options, RunAs, Schema, Scope, SearchOptions, SortKey, Start, Uid,
    ValueType,
};

use super::session::name_and_value;
use super::{failure, secret_source, typed};

#[derive(Args)]
pub(crate) struct OptionArguments {
    /// An option of the operation, by ConnId's name or the connector's own.
    #[arg(long = "option", value_name = "NAME=VALUE", value_parser = name_and_value)]
    options: Vec<(String, String)>,
}

impl OptionArguments {
    /// The options as an operation takes them that is no search.
    ///
    /// Errors: of kind `invalid-argument` with the option's name.
    pub(crate) fn options(&self, schema: &Schema) -> anyhow::Result<Options> {
        self.once_each(schema)?;
        let mut options = Options::default();
        self.options.iter().try_for_each(|(name, value)| common(&mut options, schema, name, value))?;
        Ok(options)
    }

    /// The options as a search takes them.
    ///
    /// Errors: of kind `invalid-argument` with the option's name.
    pub(crate) fn search_options(&self, schema: &Schema) -> anyhow::Result<SearchOptions> {
        self.once_each(schema)?;
        let mut options = SearchOptions::default();
        let (mut names, mut with_defaults) = (None, false);
        for (name, value) in &self.options {
            match name.to_ascii_uppercase().as_str() {
                "ATTRS_TO_GET" => names.get_or_insert_with(Vec::new).extend(list(value)),
                "RETURN_DEFAULT_ATTRIBUTES" => with_defaults = parsed(name, value)?,
                "PAGE_SIZE" => options.page_size = NonZeroU32::new(parsed(name, value)?),
                "PAGED_RESULTS_OFFSET" => {
                    options.start = NonZeroU32::new(parsed(name, value)?).map_or(Start::Beginning, Start::Offset);
                }
                "PAGED_RESULTS_COOKIE" => options.start = Start::Cookie(value.clone()),
                "SORT_KEYS" => options.sort_keys = list(value).iter().map(|key| sort_key(key)).collect(),
                "SCOPE" => options.scope = Some(scope(name, value)?),
                "CONTAINER" => options.container = Some(container(name, value)?),
                "ALLOW_PARTIAL_RESULTS" => options.allow_partial_results = parsed(name, value)?,
                "ALLOW_PARTIAL_ATTRIBUTE_VALUES" => options.allow_partial_attribute_values = parsed(name, value)?,
                _ => common(&mut options.options, schema, name, value)?,
            }
        }
        if let Some(names) = names {
            options.attributes_to_get =
                if with_defaults { AttributesToGet::DefaultAnd(names) } else { AttributesToGet::Only(names) };
        }
        Ok(options)
    }

    /// An option of one value is not given twice, for one of the two would be lost.
    fn once_each(&self, schema: &Schema) -> anyhow::Result<()> {
        for (index, (name, _)) in self.options.iter().enumerate() {
            let many =
                schema.options.iter().any(|option| option.multi_valued && option.name.eq_ignore_ascii_case(name));
            if !many && self.options.iter().take(index).any(|(earlier, _)| earlier.eq_ignore_ascii_case(name)) {
                return Err(failure::invalid_argument(
                    format!("option {name} is given twice"),
                    "give it once; several names are separated by commas",
                ));
            }
        }
        Ok(())
    }
}

/// Names, separated by commas.
pub(crate) fn list(value: &str) -> Vec<String> {
    value.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn wrong(name: &str, wanted: impl std::fmt::Display) -> anyhow::Error {
    failure::invalid_argument(
        format!("option {name} takes {wanted}"),
        "see `harness schema` for the options that there are",
    )
}

fn parsed<T: FromStr>(name: &str, value: &str) -> anyhow::Result<T>
where
    T::Err: std::fmt::Display,
{
    value.parse().map_err(|error| wrong(name, format_args!("another value than {value:?}: {error}")))
}

fn sort_key(key: &str) -> SortKey {
    match key.strip_prefix('-') {
        Some(name) => SortKey { name: name.to_owned(), ascending: false },
        None => SortKey { name: key.strip_prefix('+').unwrap_or(key).to_owned(), ascending: true },
    }
}

fn scope(name: &str, value: &str) -> anyhow::Result<Scope> {
    match value.to_ascii_lowercase().replace(['-', '_'], "").as_str() {
        "object" => Ok(Scope::Object),
        "onelevel" => Ok(Scope::OneLevel),
        "subtree" => Ok(Scope::Subtree),
        _ => Err(wrong(name, "object, onelevel or subtree")),
    }
}

fn container(name: &str, value: &str) -> anyhow::Result<Container> {
    let (class, uid) = value.split_once(':').ok_or_else(|| wrong(name, "CLASS:UID"))?;
    Ok(Container { object_class: class.to_owned(), uid: Uid::new(uid) })
}

/// An option of any operation.
fn common(options: &mut Options, schema: &Schema, name: &str, value: &str) -> anyhow::Result<()> {
    match name.to_ascii_uppercase().as_str() {
        "RUN_AS_USER" => run_as(options).user = value.to_owned(),
        "RUN_WITH_PASSWORD" => run_as(options).password = Some(secret_source::find(value, Path::new(""))?),
        _ => extra(options, schema, name, value)?,
    }
    Ok(())
}

fn run_as(options: &mut Options) -> &mut RunAs {
    options.run_as.get_or_insert_with(|| RunAs { user: String::new(), password: None })
}

/// A further value of one of the connector's own options.
fn extra(options: &mut Options, schema: &Schema, name: &str, value: &str) -> anyhow::Result<()> {
    let info = schema.options.iter().find(|info| info.name.eq_ignore_ascii_case(name));
    let value_type = info.map_or(ValueType::Text, |info| info.value_type);
    let value = typed::parse(value_type, value).map_err(|wanted| wrong(name, wanted))?;
    let name = info.map_or(name, |info| &info.name);
    match options.extra.iter_mut().find(|option| option.name == name) {
        Some(option) => option.values.push(value),
        None => options.extra.push(ExtraOption { name: name.to_owned(), values: vec![value] }),
    }
    Ok(())
}
