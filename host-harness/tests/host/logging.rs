//! What is shown of what a component writes.

use std::io::Write;
use std::sync::{Arc, Mutex, Once};

use host_harness::model::{Attribute, Value};
use host_harness::{Error, Kind, LOG_TARGET, MASK, Options, Properties, Secret};
use tracing::Level;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::guests::open;

const SECRET: &str = "correct-horse-battery";

/// Makes every event of the host be heard by somebody from the start. Where nobody is there when an event
/// first happens, `tracing` may note that nobody ever will be, whatever another thread sets up at that moment.
pub(crate) fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| tracing_subscriber::registry().with(targets()).init());
}

fn targets() -> Targets {
    Targets::new().with_target(LOG_TARGET, Level::TRACE).with_target("host_harness", Level::TRACE)
}

/// The events of the host and of components on this thread, at every level, from now on.
pub(crate) struct Captured {
    text: Buffer,
    _guard: DefaultGuard,
}

#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Captured {
    pub(crate) fn start() -> Self {
        listen();
        let text = Buffer::default();
        let writer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(text.clone());
        Self { text, _guard: tracing_subscriber::registry().with(writer.with_filter(targets())).set_default() }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.text.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Buffer {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn secrets_are_in_no_event_at_any_level() {
    let events = Captured::start();
    let connector = open("logs-secrets", Properties::new().with("secret", SECRET)).await;
    connector.test().await.unwrap_err();
    let text = events.text();
    for line in [
        format!("WARN connector: opened with {MASK}"),
        format!("WARN connector: plain {MASK}"),
        format!("WARN connector: debug \"{MASK}\""),
        format!("INFO connector: json {MASK} fields=\"{{\\\"header\\\":\\\"Bearer {MASK}\\\"}}\""),
        "WARN connector: \\u{1b}[31mred\\u{1b}[0m without an end".to_owned(),
    ] {
        assert!(text.contains(&line), "{line:?} is not in {text}");
    }
    assert!(!text.contains(SECRET) && !text.contains("stdout"), "{text}");
}

#[tokio::test]
async fn secrets_are_in_no_error() {
    let connector = open("logs-secrets", Properties::new().with("secret", SECRET)).await;
    let error = connector.test().await.unwrap_err();
    assert_eq!(error.to_string(), format!("message {MASK}"));
    assert_eq!(error.hint(), Some(format!("hint {MASK}").as_str()));
    let Error::Connector(record) = &error else { panic!("{error:?}") };
    assert!(!format!("{error:?} {}", serde_json::to_string(record).unwrap()).contains(SECRET));
}

#[tokio::test]
async fn a_secret_of_a_single_call_is_hidden_too() {
    let events = Captured::start();
    let connector = open("logs-secrets", Properties::new()).await;
    let password = Attribute::new("__PASSWORD__", [Value::Secret(Secret::new(SECRET))]);
    let error = connector.create("Thing", &[password], &Options::default()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Trap);
    assert!(error.hint().unwrap().contains(&format!("created with {MASK}")), "{error:?}");
    assert!(!format!("{error:?} {}", events.text()).contains(SECRET));
}

#[tokio::test]
async fn a_log_that_never_ends_is_cut_off() {
    let events = Captured::start();
    let connector = open("logs-secrets", Properties::new()).await;
    connector.create("Thing", &[], &Options::default()).await.unwrap();
    let text = events.text();
    let shown = text.matches("a line that fills the log").count();
    assert!(shown > 1000 && shown < 20_000, "{shown}");
    assert!(text.contains(&format!("{} further lines of the component's log are left out", 100_000 - shown)));
}
