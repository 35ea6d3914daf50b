//! A local Zoom.
