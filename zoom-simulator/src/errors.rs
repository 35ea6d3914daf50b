//! Every refusal that this Zoom knows: which operation gives it, with which HTTP status, which code and which
//! words. The words are Zoom's own, from the error tables of its API documents unless a row says otherwise; `{}`
//! stands for what the call was about.
//!
//! The status does not follow from the code: 1001 and 400 come with 400 and with 404. And the same code has other
//! words in other operations, which is why the table goes by operation.

use std::fmt::Display;

use serde::Serialize;

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal {
    status: u16,
    code: i64,
    message: &'static str,
}

/// A refusal on its way out.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    pub(crate) body: FailureBody,
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// The body of an error answer.
#[derive(Debug, Serialize)]
pub(crate) struct FailureBody {
    code: i64,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
}

/// What was wrong with one field of a request.
#[derive(Debug, Serialize)]
pub(crate) struct FieldError {
    field: String,
    message: &'static str,
}

impl Refusal {
    /// This refusal with the thing it is about in its message.
    pub(crate) fn about(self, subject: impl Display) -> Failure {
        self.about_each([&subject])
    }

    /// The same for a message about several things.
    pub(crate) fn about_each<const N: usize>(self, subjects: [&dyn Display; N]) -> Failure {
        let fill = |message: String, subject: &dyn Display| message.replacen("{}", &subject.to_string(), 1);
        self.worded(subjects.into_iter().fold(self.message.to_owned(), fill))
    }

    /// This refusal as an answer with the fields that were wrong.
    pub(crate) fn with_fields(self, errors: Vec<FieldError>) -> Failure {
        let mut failure = Failure::from(self);
        failure.body.errors = errors;
        failure
    }

    fn worded(self, message: String) -> Failure {
        let body = FailureBody { code: self.code, message, errors: Vec::new() };
        Failure { status: self.status, body, headers: Vec::new() }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        refusal.worded(refusal.message.to_owned())
    }
}

/// The refusal of one field or query parameter.
pub(crate) fn invalid_field(field: &str) -> Failure {
    VALIDATION_FAILED.with_fields(vec![FieldError::invalid(field)])
}

impl FieldError {
    pub(crate) fn invalid(field: &str) -> Self {
        Self { field: field.to_owned(), message: "Invalid field." }
    }
}

macro_rules! refusals {
    ($($operations:literal { $($name:ident $status:literal $code:literal $message:literal)+ })+) => {
        $($(
            #[doc = $operations]
            pub(crate) const $name: Refusal = Refusal { status: $status, code: $code, message: $message };
        )+)+
    };
}

refusals! {
    "Every operation" {
        BAD_TOKEN               401   124 "Invalid access token."
        EXPIRED_TOKEN           401   124 "Access token is expired."
        MISSING_SCOPE           400  4711 "Invalid access token, does not contain scopes:[{}]."
        NOT_RECOGNIZED          400  2300 "This API endpoint is not recognized."
        BAD_JSON                400   300 "Request Body should be a valid JSON object."
        VALIDATION_FAILED       400   300 "Validation Failed."
        TOO_MANY_A_SECOND       429   429
            "You have reached the maximum per-second rate limit for this API. Try again later."
        TOO_MANY_A_DAY          429   429
            "You have reached the maximum daily rate limit for this API. Refer to the response header for details on \
             when you can make another request."
        NO_PERMISSION           400   200 "No permission."
    }
    "Lists" {
        PAGE_TOKEN              400   300 "The next page token is invalid or expired."
        PHONE_PAGE_TOKEN        400   400 "The next page token is invalid or expired."
        NUMBERS_PAGE_TOKEN      400 1003100 "The next page token is either invalid or has expired"
    }
    "A second call while a user is being made or removed" {
        BEING_REMOVED           429   429
            "Too many concurrent requests. A request to disassociate this user has already been made."
        BEING_CREATED           429   429
            "Too many concurrent requests. A request to create this user has already been made."
    }
    "A call on one user" {
        NO_USER                 404  1001 "User does not exist: {}."
        INVITATION_EXPIRED      400  1120 "A valid invitation to join the Zoom account was not found for this user."
    }
    "POST /users" {
        EMAIL_USED              409  1005 "Email \"{}\" has already been used."
        ACTIVE_ELSEWHERE        400  1009 "The user {} already holds an active account."
        DOMAIN_BLOCKED          400  1107 "Email domain is blocked."
        BAD_PASSWORD_PARAMETER  400   300 "Invalid parameter: password"
        SSO_OFF                 400  2002
            "SSO has not been enabled for this account. Contact the Zoom support team to enable this option."
        SSO_NOT_PROVISIONED     400  2032
            "The ssoCreate option is only available for SSO Partners that have enabled the pre-provision option. \
             Contact the Zoom Support team to learn more."
        ACTION_NOT_OPEN         400  2016 "No permission. Please contact Zoom Customer Support."
        NO_SEAT_TO_ADD_BASIC    400  2033
            "Your request to add a basic user wasn't approved because you've already reached the maximum basic user \
             limit allowed in your account. For additional help regarding this issue, contact the Zoom Customer \
             Support team."
        NO_SEAT_TO_ADD_BASIC_2  400  3412
            "Your request to add a basic user couldn't be approved at this time because your account has reached the \
             permitted maximum number of {} basic users. Please remove existing basic user(s) from your Users list or \
             the Pending Users list before attempting to add another user."
        NO_SEAT_TO_ADD          400  2034
            "Your request to add a new Licensed user could not be approved at this time because your account has \
             reached the permitted maximum number of {} users. Please purchase additional licenses or contact the \
             Zoom support team to provision additional users in your account."
        NO_SEAT_TO_ADD_BUNDLE   400  2038
            "Your request to add a new Zoom One user could not be approved at this time because your account has \
             reached the permitted maximum number. Please purchase additional licenses or contact the Zoom support \
             team to provision additional users in your account."
    }
    "POST and PATCH /users, PATCH of the settings" {
        NO_PHONE_LICENSE        404  1102
            "You cannot enable the **Zoom Phone** feature because you do not have any available licenses."
        LIMITED_DOMAINS         400  1116 "Email address {} doesn't match limited domains: {}"
        ON_PREM                 400   300 "Your account can't set user type as On-prem."
        BAD_UNITED_TYPE         400   300
            "The value provided for `plan_united_type` parameter is invalid. Try again with a valid value."
        NO_SUBSCRIPTION         400   300
            "The subscription \"{}\" you entered does not exist. Please choose a different subscription and try \
             again."
        NO_SUCH_GROUP           404  4130 "Group does not exist: {}."
    }
    "PATCH /users/{id}" {
        ONE_LICENSE_AT_A_TIME   400   300
            "You can't change the \"type\" or \"plan_united_type\" or \"zoom_one_type\" at the same time."
        ABOUT_ME_WITH_LINKS     400   300 "The `about_me` field is illegal and can't contain hyperlinks or HTML code."
        NOT_LINKEDIN            400   300 "The `linkedin_url` field is illegal. The URL must contain `linkedin.com`."
        VANITY_NAME_TAKEN       400  4100
            "User is already taken by another user from your account. Choose another \"Personal Link Name\"."
        NO_MEETING_PMI          400   200 "You cannot change PMI information for a \"No Meetings License\" user."
        TYPE_CHANGE_REFUSED     400  1108 "Permission requirements to change the user type of this user were not met."
        NO_SEAT_TO_BE_BASIC     400  2033
            "Your request to convert the user type to \"Basic\" was not approved because you have already reached the \
             maximum basic user limit allowed in your account. For additional help regarding this issue, contact the \
             Zoom Customer Support team."
        NO_SEAT_TO_BE_BASIC_2   400  3412
            "Your request to convert the user type of this \"Licensed\" user to a \"Basic\" user was not approved at \
             this time because your account has reached the permitted maximum number of \"{}\" Basic users. Remove \
             existing basic user(s) from your \"Users\" list or the \"Pending Users\" list before attempting to \
             convert a user to a Basic user."
        NO_SEAT_TO_CONVERT      400  2034
            "Your request to convert this user's plan type to \"Licensed\" wasn't approved because your account has \
             reached the permitted maximum number of \"{}\" users. Purchase additional licenses or contact the Zoom \
             support team to provision additional users in your account."
        NO_SEAT_FOR_BUNDLE      400  2038
            "Your request to convert the plan type of this user was not approved at this time because your account \
             has reached the permitted maximum number. Please purchase additional licenses or contact the Zoom \
             support team to provision additional users in your account."
        NO_BASIC_FOR_UNITED     400  2039
            "You can't turn off your Zoom United license now because you don't have enough basic licenses."
        NO_BASIC_FOR_ZOOM_ONE   400  2039
            "You can't turn off your Zoom One license now because you don't have enough basic licenses."
    }
    "DELETE /users/{id}" {
        MANAGED_DOMAIN          400  1107 "You can not disassociate a user with managed domain."
        ADMIN_STAYS             400  1117 "You can not disassociate an Admin user."
        OWNER_STAYS             400   200 "Cannot delete a user out of your account."
        CALL_QUEUE_MANAGER      400  1000
            "The user cannot be changed because they are a Call-queue manager or Auto-receptionist operator."
        TRANSFER_TO_SELF        400   300
            "The transfer-to email address cannot be the same as the unlinked or deleted user's email address."
        API_USER_STAYS          400   300 "Unable to unlink API user(s)."
        BAD_ACTION              400   300 "Invalid parameter: action."
    }
    "PUT /users/{id}/status" {
        ADMIN_STATUS            400   200 "Zoom Room and Admin users' status cannot be activated or deactivated."
        NO_SEAT_TO_ACTIVATE     400  2033
            "Your request to activate the \"Basic\" user was not approved because you have already reached the \
             maximum \"Basic\" user limit allowed in your account. For additional help regarding this issue, contact \
             the Zoom Customer Support team."
        NO_SEAT_TO_ACTIVATE_2   400  3412
            "Your request to activate the user was not approved at this time because your account has reached the \
             permitted maximum number of {} \"Basic\" users. Remove the existing \"Basic\" user(s) from your \
             \"Users\" list or the \"Pending Users\" list before attempting to activate this user."
    }
    "PUT /users/{id}/email" {
        ADMIN_EMAIL             400  1000 "Admin can not change other admins email."
    }
    "PUT /users/{id}/password" {
        SAME_PASSWORD           400   300 "Your new password can not match the old password."
        ADMIN_PASSWORD          400  1117 "Can not update Admin's password"
        NOT_WORK_EMAIL          400  1123 "Can only update password of Zoom work email account"
        PASSWORD_SHORT          400  1124 "Have at least {} characters"
        PASSWORD_LETTER         400  1125 "Have at least 1 letter (a, b, c…)"
        PASSWORD_NUMBER         400  1126 "Have at least 1 number (1, 2, 3…)"
        PASSWORD_SPECIAL        400  1127 "Have at least 1 special character (!, @, #…)"
        PASSWORD_CASE           400  1128 "Include both Upper case and Lower case characters"
        PASSWORD_REPEATED       400  1130 "Password can't use the same character."
        PASSWORD_CONSECUTIVE    400  1131 "Password can't use continuation character.Such as 'abcdef','123456'."
    }
    // 1000 with these words is what people report (moodle-mod_zoom, issue 131); no document has it.
    "The settings of a user" {
        PENDING_SETTINGS        400  1000 "You can not access settings of users that are still in pending state."
        LARGE_MEETING_UNPAID    400  1108 "Only Licensed or On-prem users can enable the large meeting feature."
        WEBINAR_UNPAID          400  1122 "Webinar feature can only be enabled for Licensed or On-prem users."
        WEBINAR_WITH_EVENTS     400  1204
            "You can't enable the Webinar feature because you already have the Zoom Events feature."
        EVENTS_WITH_WEBINAR     400  1205
            "You can't enable the Zoom Events feature because you already have the Webinar feature."
        EVENTS_UNPAID           400  1206 "You can only enable the Zoom Events feature for Licensed or On-prem users."
    }
    "GET /users/email" {
        EMAIL_REQUIRED          400   300 "Email is required."
    }
    "Groups" {
        PAID_ONLY               400   200 "Only available for Paid account."
        NO_GROUP                404  4130 "A group with this {} does not exist."
        NO_GROUP_OF_ADMINS      404  4130 "A group with the \"{}\" ID does not exist."
        NO_GROUP_TO_DELETE      404  4130 "Group does not exist."
        GROUP_NAME_USED         409  4132 "The group name \"{}\" is already in use."
        GROUP_RENAME_USED       409  4132 "Group name {} is already in use."
        BAD_GROUP_NAME          400   300 "Invalid parameter: name."
        TOO_MANY_GROUPS         400   300
            "It has reached the maximum number of groups. You can clean up some groups then add."
        NO_MEMBER               404  4131 "Group member does not exist."
        NO_TARGET_GROUP         400   300 "The target_group_id can not be empty."
        NOT_AN_ADMIN            400  4138 "That user is not an administrator for the group: \"{}\"."
    }
    "Roles" {
        NO_ROLE                 400  1034 "Provided `role_id` does not exist."
        FIXED_ROLE              400   300 "Can't delete or add members for Normal/Owner roles."
    }
    "Phone, every operation" {
        // 403 is what people report for an account without Zoom Phone; the words are those of GET /phone/settings.
        NO_ZOOM_PHONE           403  2031 "Zoom Phone has not been enabled for this account."
        NO_PHONE_ACCOUNT        404  2001 "Account does not exist."
        BAD_USER_ID             400   300 "Invalid user id."
        NO_PHONE_USER           404  1001 "User does not exist: {}."
        NO_SUCH_SITE            404   404 "Site does not exist."
        NO_SITE                 400   400 "The site does not exist."
    }
    "GET /phone/users" {
        SITE_NOT_YOURS          400   124
            "You do not have permission, because the current site `{}` does not belong to the target sites."
    }
    "GET /phone/sites" {
        // That it takes multiple sites is documented, the refusal is not.
        NO_MULTIPLE_SITES       400   400 "Multiple sites are not enabled."
    }
    "POST /phone/users" {
        METHOD_NOT_ALLOWED      405   405 "Request method 'POST' is not supported."
    }
    "PATCH /phone/users/{id}" {
        BAD_USER_ID_TO_PATCH    400   300 "Invalid user ID."
        // The first words are what people report; no document has them.
        EXTENSION_TAKEN         400   400 "Extension number {} is taken."
        BAD_EXTENSION           400   400 "Extension number is invalid."
    }
    "Calling plans of a phone user" {
        NO_PLAN_USER            404  1001 "User does not exist:{}."
        BAD_PLAN                400   300 "Invalid field."
        PLAN_NOT_HELD           400   400 "Invalid field."
        SOURCE_PLAN_NOT_HELD    400   404 "User did not subscribe to the source plan."
        // No words are known for these two.
        LAST_PLAN               400   400 "A phone user must have at least one calling plan."
        NO_PLAN_LEFT            400   400 "No calling plan of this type is available."
    }
    "Numbers of a phone user" {
        NO_NUMBER_USER          404  1001 "This user does not exist: {}."
        NO_NUMBER_USER_TO_TAKE  404  1001 "User does not exist."
        NUMBER_NOT_HELD         404   400 "Invalid query parameter \"phone_number\"."
        NO_SUCH_NUMBER          404   404 "Phone number does not exist. ID: {}."
        // No words are known for these two.
        NUMBER_TAKEN            400   400 "Phone number {} is already assigned."
        TOO_MANY_NUMBERS        400   400 "The maximum of {} phone numbers per user is reached."
    }
    "Number inventory" {
        NO_NUMBER               400   400 "Phone number does not exist, phonenumberId:{}"
        BAD_NUMBER_QUERY        400   999 "Invalid value ({})"
        NO_NUMBER_SITE          400 1002010 "The site does not exist"
    }
    "Phone users in batch" {
        BATCH_TOO_LARGE         400   400 "User size must be less than 10."
        BAD_BATCH_TYPE          400   400 "Current batch type does not support, batch type:{}."
        NO_TEMPLATE             404   404 "Template is invalid"
    }
}
