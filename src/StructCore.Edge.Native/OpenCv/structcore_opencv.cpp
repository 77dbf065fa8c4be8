// extern "C" face of the few OpenCV calls the adapters need. Built by scripts/setup.
extern "C" int sc_version() { return 1; }
