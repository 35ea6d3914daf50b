//! Tries every way out that is none of its business, and answers what it found: one object for each way,
//! with the outcome as attribute `found`; empty where there was nothing.

use std::net::{TcpStream, ToSocketAddrs, UdpSocket};

use kit::{Connector, Error, Filter, Options, Properties, SearchOptions, SearchResult, last_page, object};

struct Probes;

kit::component!(Probes);

impl Connector for Probes {
    fn open(_: &Properties) -> Result<Self, Error> {
        Ok(Self)
    }

    /// The class is the address of a listener.
    fn search(&self, address: String, _: Option<Filter>, _: SearchOptions, _: Options) -> Result<SearchResult, Error> {
        let found = [
            ("environment", std::env::vars().map(|(name, value)| format!("{name}={value} ")).collect()),
            ("arguments", std::env::args().collect()),
            ("root", listing("/")),
            ("here", listing(".")),
            ("input", std::io::read_to_string(std::io::stdin()).unwrap_or_default()),
            ("file", std::fs::read_to_string("/etc/hostname").unwrap_or_default()),
            ("tcp", TcpStream::connect(&address).map(|_| address.clone()).unwrap_or_default()),
            ("udp", UdpSocket::bind("127.0.0.1:0").map(|socket| format!("{socket:?}")).unwrap_or_default()),
            ("name", "localhost:80".to_socket_addrs().map(|found| format!("{found:?}")).unwrap_or_default()),
        ];
        Ok(last_page(found.into_iter().map(|(way, found)| object("probe", way, &[("found", found)])).collect()))
    }
}

fn listing(directory: &str) -> String {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    entries.map(|entry| format!("{:?} ", entry.path())).collect()
}
