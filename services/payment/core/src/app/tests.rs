//! The use cases over ports in memory, stopped between any two steps and begun again.

mod crash;
mod memory;
mod orders;
mod world;
