//! The two object classes, each as one table: what an attribute is called, what it is, where Zoom
//! carries it, and whether it can be written. A new attribute is one row here, and one in the fields of
//! the API's type.

use std::sync::LazyLock;

use connector_base::attribute::{ENABLE, NAME};
use connector_base::contract::{AttributeFlags, Operation, OperationSupport, OptionInfo, ValueType};
use connector_base::schema::{AttributeDef, ObjectClass, Schema};
use connector_base::value::Value;

use crate::api::users::User;
use crate::user::{enabled, phone_country, phone_number};

/// The object class of users.
pub(crate) const USER: &str = "ZoomUser";
/// The object class of groups.
pub(crate) const GROUP: &str = "ZoomGroup";

pub(crate) const STATUS: &str = "STATUS";
pub(crate) const GROUP_IDS: &str = "GROUP_IDS";

/// Where Zoom carries an attribute of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// On rows of lists and on the user's own record.
    Row,
    /// On the user's own record.
    Record,
}

/// An attribute of users.
pub(crate) struct UserAttribute {
    pub(crate) def: AttributeDef,
    pub(crate) carrier: Carrier,
    pub(crate) read: Read,
    /// The field of Zoom's that holds it, where there is one: what it is read from, and how it is set.
    pub(crate) field: &'static str,
}

/// How an attribute is read.
#[derive(Clone, Copy)]
pub(crate) enum Read {
    /// From its field.
    Field,
    /// By a function.
    By(fn(&User) -> Vec<Value>),
}

impl UserAttribute {
    const fn new(
        name: &'static str,
        value_type: ValueType,
        carrier: Carrier,
        field: &'static str,
        description: &'static str,
    ) -> Self {
        let def = AttributeDef::new(name, value_type, description).read_only();
        Self { def, carrier, read: Read::Field, field }
    }

    const fn text(name: &'static str, carrier: Carrier, field: &'static str, description: &'static str) -> Self {
        Self::new(name, ValueType::Text, carrier, field, description)
    }

    const fn by(mut self, read: fn(&User) -> Vec<Value>) -> Self {
        self.read = Read::By(read);
        self
    }

    const fn without(mut self, flag: AttributeFlags) -> Self {
        self.def.flags = self.def.flags.difference(flag);
        self
    }

    const fn creatable(self) -> Self {
        self.without(AttributeFlags::NOT_CREATABLE)
    }

    const fn updateable(self) -> Self {
        self.without(AttributeFlags::NOT_UPDATEABLE)
    }

    const fn multi_valued(mut self) -> Self {
        self.def = self.def.multi_valued();
        self
    }

    const fn on_request(mut self) -> Self {
        self.def = self.def.not_returned_by_default();
        self
    }
}

use Carrier::{Record, Row};

/// The attributes of users. `__NAME__` is the address.
pub(crate) static USER_ATTRIBUTES: &[UserAttribute] = &[
    UserAttribute {
        def: AttributeDef::new(NAME, ValueType::Text, "The user's e-mail address.")
            .native_name("EMAIL")
            .required()
            .ignoring_case(),
        carrier: Row,
        read: Read::Field,
        field: "email",
    },
    UserAttribute::new(ENABLE, ValueType::Boolean, Row, "", "Whether the account is not deactivated.")
        .by(enabled)
        .creatable()
        .updateable(),
    UserAttribute::text("FIRST_NAME", Row, "first_name", "The user's first name.").creatable().updateable(),
    UserAttribute::text("LAST_NAME", Row, "last_name", "The user's last name.").creatable().updateable(),
    UserAttribute::text("DISPLAY_NAME", Row, "display_name", "The name that others see.").creatable().updateable(),
    UserAttribute::text("LANGUAGE", Record, "language", "The language of Zoom's web pages.").updateable(),
    UserAttribute::text("TIME_ZONE", Row, "timezone", "The user's time zone.").updateable(),
    UserAttribute::text("PHONE_NUMBER", Record, "phone_number", "A telephone number of the user: any, not one of Zoom Phone.")
        .by(phone_number)
        .updateable(),
    UserAttribute::text("PHONE_COUNTRY", Record, "phone_country", "The country of that number.").by(phone_country).updateable(),
    UserAttribute::text("CREATED_AT", Row, "created_at", "When the newest way to log in was created."),
    UserAttribute::text("USER_CREATED_AT", Row, "user_created_at", "When the user was created."),
    UserAttribute::text("LAST_LOGIN_TIME", Row, "last_login_time", "When the user last logged in. Lists are up to three days behind."),
    UserAttribute::new("TYPE", ValueType::Integer, Row, "type", "The plan: 1 basic, 2 licensed, 4 unassigned without Meetings Basic, 99 none.")
        .creatable()
        .updateable(),
    UserAttribute::text("PLAN_UNITED_TYPE", Row, "plan_united_type", "The Zoom United plan."),
    UserAttribute::text("ZOOM_ONE_FEATURE_TYPE", Record, "zoom_one_type", "The Zoom Workplace plan."),
    UserAttribute::text(GROUP_IDS, Row, "group_ids", "The groups that the user is a member of.")
        .multi_valued()
        .creatable()
        .updateable(),
    UserAttribute::text("VERIFIED", Row, "verified", "1 if the address was verified."),
    UserAttribute::text(STATUS, Row, "status", "active, inactive or pending. Setting active or inactive is setting __ENABLE__.")
        .updateable(),
    UserAttribute::new("PERSONAL_MEETING_ID", ValueType::Long, Row, "pmi", "The personal meeting id."),
    UserAttribute::text("DEPT", Row, "dept", "The department.").updateable(),
    UserAttribute::text("EMPLOYEE_UNIQUE_ID", Row, "employee_unique_id", "The id that single sign-on gave the user."),
    UserAttribute::text("ROLE_ID", Row, "role_id", "The role: 0 owner, 1 administrator, 2 member, or one of the account's own."),
    UserAttribute::text("ROLE_NAME", Record, "role_name", "The name of the role.").on_request(),
    UserAttribute::text("JOB_TITLE", Record, "job_title", "The job title.").updateable().on_request(),
    UserAttribute::text("COMPANY", Record, "company", "The company.").updateable().on_request(),
    UserAttribute::text("LOCATION", Record, "location", "The place of work.").updateable().on_request(),
    UserAttribute::text("COST_CENTER", Record, "cost_center", "The cost center.").updateable().on_request(),
    UserAttribute::text("MANAGER", Record, "manager", "The manager's e-mail address.").updateable().on_request(),
    UserAttribute::text("PRONOUNS", Record, "pronouns", "The pronouns.").updateable().on_request(),
    UserAttribute::new("LOGIN_TYPES", ValueType::Integer, Record, "login_types", "The ways to log in: 0 Facebook, 1 Google, 24 Apple, 27 Microsoft, 99 API user, 100 work e-mail, 101 single sign-on.")
        .multi_valued()
        .on_request(),
    UserAttribute::text("PERSONAL_MEETING_URL", Record, "personal_meeting_url", "The link of the personal meeting.").on_request(),
];

/// The attribute of users with this name.
pub(crate) fn user_attribute(name: &str) -> Option<&'static UserAttribute> {
    USER_ATTRIBUTES.iter().find(|attribute| attribute.def.name == name)
}

/// An attribute of groups, and the field of Zoom's that holds it.
pub(crate) struct GroupAttribute {
    pub(crate) def: AttributeDef,
    pub(crate) field: &'static str,
}

/// The attributes of groups.
pub(crate) static GROUP_ATTRIBUTES: &[GroupAttribute] = &[
    GroupAttribute {
        def: AttributeDef::new(NAME, ValueType::Text, "The group's name.").native_name("GROUP_NAME").required(),
        field: "name",
    },
    GroupAttribute {
        def: AttributeDef::new("TOTAL_MEMBERS", ValueType::Integer, "How many members the group has.").read_only(),
        field: "total_members",
    },
];

/// An option: its name (ConnId: OperationOptions), the type of its values, whether it has several, and
/// what it is.
type OptionRow = (&'static str, ValueType, bool, &'static str);

const ATTRS_TO_GET: OptionRow = ("ATTRS_TO_GET", ValueType::Text, true, "The attributes to return.");
const RETURN_DEFAULTS: OptionRow =
    ("RETURN_DEFAULT_ATTRIBUTES", ValueType::Boolean, false, "Return those, and the default ones besides.");

/// The options of a read.
const READ_OPTIONS: &[OptionRow] = &[ATTRS_TO_GET, RETURN_DEFAULTS];
/// The options of a search.
const SEARCH_OPTIONS: &[OptionRow] = &[
    ATTRS_TO_GET,
    RETURN_DEFAULTS,
    ("PAGE_SIZE", ValueType::Integer, false, "How many objects to return at a time."),
    ("PAGED_RESULTS_OFFSET", ValueType::Integer, false, "The first object to return, counted from 1."),
    ("PAGED_RESULTS_COOKIE", ValueType::Text, false, "Where an earlier page ended."),
];

/// The schema.
pub(crate) static SCHEMA: LazyLock<Schema> = LazyLock::new(|| schema(SEARCH_OPTIONS));

/// The schema where paging is switched off: what it does not list is passed over.
pub(crate) static UNPAGED_SCHEMA: LazyLock<Schema> = LazyLock::new(|| schema(READ_OPTIONS));

fn schema(search_options: &[OptionRow]) -> Schema {
    let classes = vec![
        ObjectClass {
            name: USER,
            uid_native_name: "USER_ID",
            description: "A user of the Zoom account.",
            attributes: USER_ATTRIBUTES.iter().map(|attribute| &attribute.def).collect(),
        },
        ObjectClass {
            name: GROUP,
            uid_native_name: "GROUP_ID",
            description: "A group of users of the Zoom account.",
            attributes: GROUP_ATTRIBUTES.iter().map(|attribute| &attribute.def).collect(),
        },
    ];
    let support = |operation, options: &[OptionRow]| OperationSupport {
        operation,
        object_classes: vec![USER.into(), GROUP.into()],
        options: options.iter().map(|(name, ..)| (*name).to_owned()).collect(),
    };
    let operations = vec![
        support(Operation::Get, READ_OPTIONS),
        support(Operation::Search, search_options),
        support(Operation::Create, &[]),
        support(Operation::UpdateDelta, &[]),
        support(Operation::Delete, &[]),
    ];
    let option = |(name, value_type, multi_valued, description): &OptionRow| OptionInfo {
        name: (*name).to_owned(),
        value_type: *value_type,
        multi_valued: *multi_valued,
        description: Some((*description).to_owned()),
    };
    Schema { classes, operations, options: search_options.iter().map(option).collect() }
}
