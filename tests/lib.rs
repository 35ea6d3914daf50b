//! The connector, the host and the simulator, together.
