//! The two object classes, each as one table: what an attribute is called, what it is, where Zoom
//! carries it, and whether it can be written. A new attribute is one row here, and one in the fields of
//! the API's type.

use std::sync::LazyLock;

use connector_base::attribute::{ENABLE, NAME, PASSWORD};
use connector_base::contract::{AttributeFlags, Operation, OperationSupport, OptionInfo, ValueType};
use connector_base::schema::{AttributeDef, ObjectClass, Schema};
use connector_base::value::Value;

use crate::api::users::User;
use crate::configuration::Settings;
use crate::phone;
use crate::user::{self, OnPhone};

/// The object class of users.
pub(crate) const USER: &str = "ZoomUser";
/// The object class of groups.
pub(crate) const GROUP: &str = "ZoomGroup";

pub(crate) const CREATE_ACTION: &str = "CREATE_ACTION";
pub(crate) const STATUS: &str = "STATUS";
pub(crate) const TYPE: &str = "TYPE";
pub(crate) const PLAN_UNITED_TYPE: &str = "PLAN_UNITED_TYPE";
pub(crate) const ZOOM_ONE_FEATURE_TYPE: &str = "ZOOM_ONE_FEATURE_TYPE";
pub(crate) const PHONE_NUMBER: &str = "PHONE_NUMBER";
pub(crate) const PHONE_COUNTRY: &str = "PHONE_COUNTRY";
pub(crate) const CUSTOM_ATTRIBUTES: &str = "CUSTOM_ATTRIBUTES";
pub(crate) const GROUP_IDS: &str = "GROUP_IDS";
pub(crate) const PRIMARY_GROUP_ID: &str = "PRIMARY_GROUP_ID";
pub(crate) const ROLE_ID: &str = "ROLE_ID";
pub(crate) const ROLE_NAME: &str = "ROLE_NAME";
pub(crate) const ZOOM_PHONE_FEATURE: &str = "ZOOM_PHONE_FEATURE";
pub(crate) const SITE_ID: &str = "SITE_ID";
pub(crate) const SITE_NAME: &str = "SITE_NAME";
pub(crate) const SITE_CODE: &str = "SITE_CODE";
pub(crate) const ZOOM_PHONE_STATUS: &str = "ZOOM_PHONE_STATUS";
pub(crate) const EXTENSION_NUMBER: &str = "EXTENSION_NUMBER";
pub(crate) const ZOOM_PHONE_CALLING_PLANS: &str = "ZOOM_PHONE_CALLING_PLANS";
pub(crate) const ZOOM_PHONE_NUMBERS: &str = "ZOOM_PHONE_NUMBERS";
pub(crate) const MEMBERS: &str = "MEMBERS";
pub(crate) const ADMINS: &str = "ADMINS";

/// Where Zoom carries an attribute of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// On rows of lists and on the user's own record.
    Row,
    /// On the user's own record.
    Record,
    /// On the record of the phone user.
    Phone,
    /// On the site of the phone user.
    Site,
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
    /// From the field of its carrier.
    Field,
    /// From the user, by a function.
    User(fn(&User) -> Vec<Value>),
    /// From the phone, by a function, which answers nothing where its site was not read.
    Phone(fn(&OnPhone) -> Option<Vec<Value>>),
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
        self.read = Read::User(read);
        self
    }

    const fn of_phone(mut self, read: fn(&OnPhone) -> Option<Vec<Value>>) -> Self {
        self.read = Read::Phone(read);
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

    const fn writable(self) -> Self {
        self.creatable().updateable()
    }

    const fn multi_valued(mut self) -> Self {
        self.def = self.def.multi_valued();
        self
    }

    const fn on_request(mut self) -> Self {
        self.def = self.def.not_returned_by_default();
        self
    }

    const fn not_readable(mut self) -> Self {
        self.def = self.def.not_readable();
        self
    }
}

use Carrier::{Phone, Record, Row, Site};

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
        .by(user::enabled)
        .writable(),
    UserAttribute::new(PASSWORD, ValueType::Secret, Record, "", "The password: of a user who is created with autoCreate, or who logs in with a work e-mail address.")
        .writable()
        .not_readable(),
    UserAttribute::text(CREATE_ACTION, Record, "", "How the user is made: create (by an invitation, the default), autoCreate (with a password, in a managed domain), custCreate (without a log-in) or ssoCreate (for single sign-on).")
        .creatable()
        .not_readable(),
    UserAttribute::text("FIRST_NAME", Row, "first_name", "The user's first name.").writable(),
    UserAttribute::text("LAST_NAME", Row, "last_name", "The user's last name.").writable(),
    UserAttribute::text("DISPLAY_NAME", Row, "display_name", "The name that others see. Without one, Zoom makes it of first and last name.").writable(),
    UserAttribute::text("LANGUAGE", Record, "language", "The language of Zoom's web pages.").updateable(),
    UserAttribute::text("TIME_ZONE", Row, "timezone", "The user's time zone.").updateable(),
    UserAttribute::text(PHONE_NUMBER, Record, "", "A telephone number of the user: any, not one of Zoom Phone. The country's code stands before it, with a plus and a blank behind.")
        .by(user::phone_number)
        .updateable(),
    UserAttribute::text(PHONE_COUNTRY, Record, "", "The country of that number, as two letters.").by(user::phone_country).updateable(),
    UserAttribute::text("CREATED_AT", Row, "created_at", "When the newest way to log in was created."),
    UserAttribute::text("USER_CREATED_AT", Row, "user_created_at", "When the user was created."),
    UserAttribute::text("LAST_LOGIN_TIME", Row, "last_login_time", "When the user last logged in. Lists are up to three days behind."),
    UserAttribute::new(TYPE, ValueType::Integer, Row, "type", "The plan: 1 basic, 2 licensed, 4 unassigned without Meetings Basic, 99 none.")
        .writable(),
    UserAttribute::text(PLAN_UNITED_TYPE, Row, "plan_united_type", "The Zoom United plan, as Zoom numbers them. Without a value there is none.").writable(),
    UserAttribute::text(ZOOM_ONE_FEATURE_TYPE, Record, "zoom_one_type", "The Zoom Workplace plan, as Zoom numbers them. Without a value there is none.").writable(),
    UserAttribute::text(GROUP_IDS, Row, "group_ids", "The groups that the user is a member of.")
        .multi_valued()
        .writable(),
    UserAttribute::text(PRIMARY_GROUP_ID, Row, "", "The group whose settings hold for the user: one of GROUP_IDS.")
        .by(user::primary_group)
        .updateable(),
    UserAttribute::text("VERIFIED", Row, "verified", "1 if the address was verified."),
    UserAttribute::text(STATUS, Row, "status", "active, inactive or pending. Setting active or inactive is setting __ENABLE__.")
        .updateable(),
    UserAttribute::new("PERSONAL_MEETING_ID", ValueType::Long, Row, "pmi", "The personal meeting id. One that is set has ten digits.").updateable(),
    UserAttribute::text("DEPT", Row, "dept", "The department.").updateable(),
    UserAttribute::text("EMPLOYEE_UNIQUE_ID", Row, "employee_unique_id", "The id that single sign-on gave the user."),
    UserAttribute::text(ROLE_ID, Row, "role_id", "The role: 0 owner, 1 administrator, 2 member, or one of the account's own.").updateable(),
    UserAttribute::text(ROLE_NAME, Record, "role_name", "The name of the role.").updateable().on_request(),
    UserAttribute::text("JOB_TITLE", Record, "job_title", "The job title.").updateable().on_request(),
    UserAttribute::text("COMPANY", Record, "company", "The company.").updateable().on_request(),
    UserAttribute::text("LOCATION", Record, "location", "The place of work.").updateable().on_request(),
    UserAttribute::text("COST_CENTER", Record, "cost_center", "The cost center.").updateable().on_request(),
    UserAttribute::text("MANAGER", Record, "manager", "The manager: e-mail address or display name of a user of the account.").updateable().on_request(),
    UserAttribute::text("PRONOUNS", Record, "pronouns", "The pronouns.").updateable().on_request(),
    UserAttribute::new("LOGIN_TYPES", ValueType::Integer, Record, "login_types", "The ways to log in: 0 Facebook, 1 Google, 24 Apple, 27 Microsoft, 99 API user, 100 work e-mail, 101 single sign-on.")
        .multi_valued()
        .on_request(),
    UserAttribute::text("PERSONAL_MEETING_URL", Record, "personal_meeting_url", "The link of the personal meeting.").on_request(),
    UserAttribute::text(CUSTOM_ATTRIBUTES, Record, "", "The attributes that the account has defined itself: KEY=VALUE for each that has a value.")
        .by(user::custom_attributes)
        .multi_valued()
        .updateable()
        .on_request(),
    UserAttribute::new(ZOOM_PHONE_FEATURE, ValueType::Boolean, Phone, "", "Whether the user has Zoom Phone.").writable(),
    UserAttribute::text(SITE_ID, Phone, "site_id", "The site of the phone. One of SITE_ID, SITE_NAME and SITE_CODE is enough to set it.").writable(),
    UserAttribute::text(SITE_NAME, Site, "", "The name of the site.").of_phone(phone::site_name).writable(),
    UserAttribute::new(SITE_CODE, ValueType::Integer, Site, "", "The code of the site, where the account has site codes.").of_phone(phone::site_code).writable(),
    UserAttribute::text(ZOOM_PHONE_STATUS, Phone, "status", "activate or deactivate: whether calls can be made and received.").writable(),
    UserAttribute::text(EXTENSION_NUMBER, Phone, "extension_number", "The whole extension number: site code and short extension.").writable(),
    UserAttribute::new(ZOOM_PHONE_CALLING_PLANS, ValueType::Integer, Phone, "", "The types of the calling plans. A phone user has at least one.")
        .of_phone(phone::plans)
        .multi_valued()
        .writable(),
    UserAttribute::text(ZOOM_PHONE_NUMBERS, Phone, "", "The numbers of Zoom Phone, in E.164 form: +12015550100. They can be given without the plus.")
        .of_phone(phone::numbers)
        .multi_valued()
        .writable(),
    UserAttribute::text("ZOOM_PHONE_DEPARTMENT", Phone, "department", "The department that Zoom Phone keeps.").on_request(),
    UserAttribute::text("ZOOM_PHONE_COST_CENTER", Phone, "cost_center", "The cost center that Zoom Phone keeps.").on_request(),
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

/// The attributes of groups. What has no field is a list of its own at Zoom.
pub(crate) static GROUP_ATTRIBUTES: &[GroupAttribute] = &[
    GroupAttribute {
        def: AttributeDef::new(NAME, ValueType::Text, "The group's name.").native_name("GROUP_NAME").required(),
        field: "name",
    },
    GroupAttribute {
        def: AttributeDef::new("TOTAL_MEMBERS", ValueType::Integer, "How many members the group has.").read_only(),
        field: "total_members",
    },
    GroupAttribute {
        def: AttributeDef::new(MEMBERS, ValueType::Text, "The ids of the users in the group.")
            .multi_valued()
            .not_returned_by_default(),
        field: "",
    },
    GroupAttribute {
        def: AttributeDef::new(ADMINS, ValueType::Text, "The ids of the users who administer the group.")
            .multi_valued()
            .not_returned_by_default(),
        field: "",
    },
];

/// An option: its name (ConnId: OperationOptions), the type of its values, whether it has several, and
/// what it is.
type OptionRow = (&'static str, ValueType, bool, &'static str);

const ATTRS_TO_GET: OptionRow = ("ATTRS_TO_GET", ValueType::Text, true, "The attributes to return.");
const RETURN_DEFAULTS: OptionRow = (
    "RETURN_DEFAULT_ATTRIBUTES",
    ValueType::Boolean,
    false,
    "Return the default attributes besides those of ATTRS_TO_GET.",
);

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

/// The options of deleting a user: the parameters of Zoom's that say who gets what the user leaves behind.
pub(crate) const TRANSFER_EMAIL: &str = "TRANSFER_EMAIL";
const DELETE_OPTIONS: &[OptionRow] = &[
    (
        TRANSFER_EMAIL,
        ValueType::Text,
        false,
        "The address of the user who gets what the deleted one leaves behind. An invitation leaves nothing.",
    ),
    ("TRANSFER_MEETING", ValueType::Boolean, false, "Hand over the meetings."),
    ("TRANSFER_WEBINAR", ValueType::Boolean, false, "Hand over the webinars."),
    ("TRANSFER_RECORDING", ValueType::Boolean, false, "Hand over the recordings."),
];

/// The schemas: with or without paging, and with or without the phone.
static SCHEMAS: [LazyLock<Schema>; 4] = [
    LazyLock::new(|| make(SEARCH_OPTIONS, WITH_PHONE)),
    LazyLock::new(|| make(READ_OPTIONS, WITH_PHONE)),
    LazyLock::new(|| make(SEARCH_OPTIONS, WITHOUT_PHONE)),
    LazyLock::new(|| make(READ_OPTIONS, WITHOUT_PHONE)),
];

const WITH_PHONE: &[Carrier] = &[Row, Record, Phone, Site];
const WITHOUT_PHONE: &[Carrier] = &[Row, Record];

/// The schema that a configuration asks for. Where paging is switched off, its options are passed over;
/// where the phone is not managed, its attributes do not exist.
pub(crate) fn schema(settings: &Settings) -> &'static Schema {
    let [paged, unpaged, paged_without, unpaged_without] = &SCHEMAS;
    match (settings.zoom_phone, settings.pagination) {
        (true, true) => paged,
        (true, false) => unpaged,
        (false, true) => paged_without,
        (false, false) => unpaged_without,
    }
}

fn make(search_options: &[OptionRow], carriers: &[Carrier]) -> Schema {
    let of_users = USER_ATTRIBUTES.iter().filter(|attribute| carriers.contains(&attribute.carrier));
    let classes = vec![
        ObjectClass {
            name: USER,
            uid_native_name: "USER_ID",
            description: "A user of the Zoom account.",
            attributes: of_users.map(|attribute| &attribute.def).collect(),
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
        support(Operation::Delete, DELETE_OPTIONS),
    ];
    let option = |(name, value_type, multi_valued, description): &OptionRow| OptionInfo {
        name: (*name).to_owned(),
        value_type: *value_type,
        multi_valued: *multi_valued,
        description: Some((*description).to_owned()),
    };
    Schema { classes, operations, options: search_options.iter().chain(DELETE_OPTIONS).map(option).collect() }
}
