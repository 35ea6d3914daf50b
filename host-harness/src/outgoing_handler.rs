//! `wasi:http/outgoing-handler`: where a component hands a request over to the host.
//!
//! It is wasmtime's, and this deletes what wasmtime forgets: wasmtime-wasi-http 48 reads the options that a
//! request comes with and leaves them in the instance's table of resources, although they are the host's from
//! then on. The table is limited, so an instance would end after so many requests, however few are in flight.
//! Once wasmtime deletes them itself, deleting fails at the first request, and this file can go.

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, Resource};
use wasmtime_wasi_http::p2::bindings::http::outgoing_handler::Host;
use wasmtime_wasi_http::p2::bindings::http::types::ErrorCode;
use wasmtime_wasi_http::p2::types::{HostFutureIncomingResponse, HostOutgoingRequest};
use wasmtime_wasi_http::{RequestOptions, WasiHttpView};

use crate::sandbox::State;

type Handed = (Resource<HostOutgoingRequest>, Option<Resource<RequestOptions>>);
type Begun = Result<Resource<HostFutureIncomingResponse>, ErrorCode>;

/// Adds the interface, in the version of the types that wasmtime-wasi-http adds beside it.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.instance("wasi:http/outgoing-handler@0.2.12")?.func_wrap("handle", handle)
}

fn handle(mut store: StoreContextMut<'_, State>, (request, options): Handed) -> wasmtime::Result<(Begun,)> {
    let mut http = store.data_mut().http();
    let left_behind = options.as_ref().map(|options| Resource::<RequestOptions>::new_own(options.rep()));
    let begun = http.handle(request, options);
    if let Some(options) = left_behind {
        http.table.delete(options)?;
    }
    Ok((begun.map(Ok).or_else(|error| error.downcast().map(Err))?,))
}
