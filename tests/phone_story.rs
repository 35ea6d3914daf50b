//! The whole story of a phone, told through the command line: for each step the calls that it takes, all
//! of them, in their order.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use zoom_simulator::Options;

use crate::support::{PHONE, Zoom, harness, users};

const EMAIL: &str = "ada.king@example.com";

struct Story {
    zoom: Zoom,
    config: PathBuf,
    /// Every page of sites.
    sites: Vec<String>,
}

impl Story {
    /// An account with more sites than a page holds, so that a site is found on the second one.
    async fn begin() -> Self {
        let zoom = Zoom::start(Options { sites: 301, ..users(5, 0, 0) }).await;
        let config = zoom.property_file("phone_story");
        Self { zoom, config, sites: Vec::new() }
    }

    /// Runs the command; every call that it makes.
    async fn calls(&mut self, arguments: &[&str]) -> Vec<String> {
        self.zoom.simulator.reset();
        let run = run(&self.config, arguments).await;
        assert_eq!(run.code, 0, "{arguments:?}: {}", run.stderr);
        let calls = self.zoom.traffic();
        // A page token is Zoom's business.
        let plain = |call: String| match call.split_once(r#"{"next_page_token""#) {
            Some((call, _)) => format!("{call}{{the next page}}"),
            None => call,
        };
        let calls: Vec<_> = calls.into_iter().map(plain).collect();
        self.sites = vec![
            r#"GET /v2/phone/sites {"page_size":"300"}"#.to_owned(),
            "GET /v2/phone/sites {the next page}".to_owned(),
        ];
        calls
    }

    async fn get(&self, id: &str) -> Json {
        let run = run(&self.config, &["get", "ZoomUser", id]).await;
        let object = run.documents().remove(0);
        let value = |name: &str| object["attributes"].get(name).cloned().unwrap_or_default();
        PHONE.map(|name| (name.to_owned(), value(name))).into_iter().collect::<serde_json::Map<_, _>>().into()
    }
}

async fn run(config: &Path, arguments: &[&str]) -> crate::support::Run {
    let waits = ["--output", "json", "--set", "phoneProvisioningInterval=0"];
    harness(config, &[&waits[..], arguments].concat()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_made_read_moved_changed_and_taken_away_with_the_calls_that_it_takes() {
    let mut story = Story::begin().await;
    let state = story.zoom.simulator.state();
    let site = |place: usize| state["phone"]["sites"][place].clone();
    let (last, other) = (site(300), site(1));
    let text = |json: &Json| json.as_str().expect("text").to_owned();
    let free = |place: usize| text(&state["phone"]["numbers"][place]["number"]["number"]);
    let (number, second) = (free(0), free(1));

    // Create: the address is looked up, and the user is invited.
    let fields = [&format!("EMAIL={EMAIL}"), "FIRST_NAME=Ada", "LAST_NAME=King", "TYPE=2"];
    let created = [
        format!("GET /v2/users/{EMAIL}"),
        format!(
            r#"POST /v2/users {{"action":"create","user_info":{{"email":"{EMAIL}","first_name":"Ada","last_name":"King","type":2}}}}"#
        ),
    ];
    assert_eq!(story.calls(&[&["create", "ZoomUser"][..], &fields].concat()).await, created);
    let id = text(&story.zoom.user(EMAIL)["id"]);

    // Activate: that is for the user to do.
    story.zoom.simulator.activate(&id).expect("an invitation");

    // Enable the phone at a site by its name, two plans, one number, an extension. Zoom makes the phone in the
    // background (two looks in vain, two that find it) and gives it a plan, which goes when the others are there.
    let user = format!("GET /v2/users/{id}");
    let phone = format!("GET /v2/phone/users/{id}");
    let extension = format!("{}12345", last["site_code"]);
    let enable = [
        "update",
        "ZoomUser",
        &id,
        "--replace",
        "ZOOM_PHONE_FEATURE=true",
        "--replace",
        &format!("SITE_NAME={}", text(&last["name"])),
        "--replace",
        "ZOOM_PHONE_CALLING_PLANS=200",
        "--replace",
        "ZOOM_PHONE_CALLING_PLANS=4000",
        "--replace",
        &format!("ZOOM_PHONE_NUMBERS={}", number.trim_start_matches('+')),
        "--replace",
        &format!("EXTENSION_NUMBER={extension}"),
    ];
    let calls = story.calls(&enable).await;
    let enabled = [
        vec![user.clone(), phone.clone()],
        story.sites.clone(),
        vec![format!(r#"PATCH /v2/users/{id} {{"feature":{{"zoom_phone":true}}}}"#)],
        vec![phone.clone(); 4],
        vec![
            format!(
                r#"PATCH /v2/phone/users/{id} {{"extension_number":"{extension}","site_id":"{}"}}"#,
                text(&last["id"])
            ),
            format!(r#"POST /v2/phone/users/{id}/calling_plans {{"calling_plans":[{{"type":200}},{{"type":4000}}]}}"#),
            format!("DELETE /v2/phone/users/{id}/calling_plans/3000"),
            format!(r#"POST /v2/phone/users/{id}/phone_numbers {{"phone_numbers":[{{"number":"{number}"}}]}}"#),
        ],
    ];
    assert_eq!(calls, enabled.concat());

    // Read it all back.
    let mut read = story.calls(&["get", "ZoomUser", &id]).await;
    // User and phone are asked for at the same time.
    read[..2].sort_unstable_by_key(|call| *call == phone);
    assert_eq!(read, [vec![user.clone(), phone.clone()], story.sites.clone()].concat());
    let expected = json!({
        "ZOOM_PHONE_FEATURE": true,
        "SITE_ID": last["id"],
        "SITE_NAME": last["name"],
        "SITE_CODE": last["site_code"],
        "ZOOM_PHONE_STATUS": "activate",
        "EXTENSION_NUMBER": extension,
        "ZOOM_PHONE_CALLING_PLANS": [200, 4000],
        "ZOOM_PHONE_NUMBERS": [number],
    });
    assert_eq!(story.get(&id).await, expected);

    // The same once more changes nothing.
    let again = story.calls(&enable).await;
    assert!(again.iter().all(|call| call.starts_with("GET ")), "{again:?}");

    // Move to another site, which its code names.
    let moved =
        story.calls(&["update", "ZoomUser", &id, "--replace", &format!("SITE_CODE={}", other["site_code"])]).await;
    let body = format!(r#"PATCH /v2/phone/users/{id} {{"site_id":"{}"}}"#, text(&other["id"]));
    // The sites are read once: to tell where the phone is, and where it goes.
    assert_eq!(moved, [vec![user.clone(), phone.clone()], story.sites.clone(), vec![body]].concat());
    assert_eq!(story.get(&id).await["SITE_NAME"], other["name"]);

    // One plan goes, and then the only plan becomes another one, without a moment without any.
    let one = story.calls(&["update", "ZoomUser", &id, "--remove", "ZOOM_PHONE_CALLING_PLANS=4000"]).await;
    assert_eq!(one, [user.clone(), phone.clone(), format!("DELETE /v2/phone/users/{id}/calling_plans/4000")]);
    let swapped = story.calls(&["update", "ZoomUser", &id, "--replace", "ZOOM_PHONE_CALLING_PLANS=100"]).await;
    let switch = format!(r#"PUT /v2/phone/users/{id}/calling_plans {{"source_type":200,"target_type":100}}"#);
    assert_eq!(swapped, [user.clone(), phone.clone(), switch]);

    // A second number comes, and the first one goes, by its id.
    let add = story.calls(&["update", "ZoomUser", &id, "--add", &format!("ZOOM_PHONE_NUMBERS={second}")]).await;
    let body = format!(r#"POST /v2/phone/users/{id}/phone_numbers {{"phone_numbers":[{{"number":"{second}"}}]}}"#);
    assert_eq!(add, [user.clone(), phone.clone(), body]);
    let remove = story.calls(&["update", "ZoomUser", &id, "--remove", &format!("ZOOM_PHONE_NUMBERS={number}")]).await;
    let gone = text(&state["phone"]["numbers"][0]["number"]["id"]);
    assert_eq!(remove, [user.clone(), phone.clone(), format!("DELETE /v2/phone/users/{id}/phone_numbers/{gone}")]);
    assert_eq!(story.get(&id).await["ZOOM_PHONE_NUMBERS"], json!([second]));

    // No calls any more; and then no phone any more.
    let quiet = story.calls(&["update", "ZoomUser", &id, "--replace", "ZOOM_PHONE_STATUS=deactivate"]).await;
    let body = format!(
        r#"PUT /v2/phone/users/batch {{"activation_status":"deactivate","batch_type":"activate","user_ids":["{id}"]}}"#
    );
    assert_eq!(quiet, [user.clone(), phone.clone(), body]);
    let off = story.calls(&["update", "ZoomUser", &id, "--replace", "ZOOM_PHONE_FEATURE=false"]).await;
    let body = format!(r#"PATCH /v2/users/{id} {{"feature":{{"zoom_phone":false}}}}"#);
    assert_eq!(off, [user.clone(), phone.clone(), body]);
    let mut read = story.calls(&["get", "ZoomUser", &id]).await;
    read.sort_unstable_by_key(|call| *call == phone);
    assert_eq!(read, [user, phone], "no site is read for one who has no phone");
    assert_eq!(story.get(&id).await["ZOOM_PHONE_FEATURE"], json!(false));
    assert_eq!(story.get(&id).await["ZOOM_PHONE_NUMBERS"], json!([]));
}
