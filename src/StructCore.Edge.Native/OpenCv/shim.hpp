// What both halves of the shim share. The shim is the extern "C" face of the few OpenCV calls the adapters need; scripts/setup builds it.
//
// Rules of the border: no C++ exception crosses it; a call that fails returns a negative number and writes the reason, UTF-8, into the
// caller's buffer of SC_ERROR_SIZE bytes; the caller owns every pixel buffer it passes in.
#pragma once

#include <cstdint>
#include <cstdio>
#include <exception>
#include <opencv2/core.hpp>

#define SC_EXPORT extern "C" __attribute__((visibility("default")))

constexpr int SC_OK = 0;
constexpr int SC_FAILED = -1;
constexpr size_t SC_ERROR_SIZE = 512;

inline int sc_fail(char* error, const char* reason) {
    std::snprintf(error, SC_ERROR_SIZE, "%s", reason);
    return SC_FAILED;
}

// Runs the body of an exported function and keeps its exceptions inside.
template <typename Body>
int sc_guard(char* error, Body body) {
    try {
        return body();
    } catch (const cv::Exception& e) {
        return sc_fail(error, e.err.c_str());
    } catch (const std::exception& e) {
        return sc_fail(error, e.what());
    } catch (...) {
        return sc_fail(error, "an unknown C++ exception");
    }
}

// Copies a decoded image to interleaved 8-bit RGB, [height, width, 3] without padding, as SPEC 1 asks:
// grey is repeated, alpha dropped, 16 bit becomes (v + 128) div 257.
int sc_copy_rgb(const cv::Mat& image, uint8_t* rgb, char* error);
