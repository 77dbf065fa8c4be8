// Video sources. A capture belongs to one thread; only that thread calls, and only it closes.
#include "shim.hpp"

#include <memory>
#include <opencv2/videoio.hpp>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

enum class Kind : int32_t { File = 0, Device = 1, Stream = 2, Pipeline = 3 };

struct Capture {
    Kind kind;
    cv::VideoCapture video;
    cv::Mat frame;
};

// FFmpeg holds back one frame per further thread. From 4.7 on OpenCV can be told to use one; before it takes as many as there are processors.
#if CV_VERSION_MAJOR > 4 || CV_VERSION_MINOR >= 7
constexpr bool one_thread = true;
#else
constexpr bool one_thread = false;
#endif

std::vector<int> stream_parameters(int open_timeout_ms, int read_timeout_ms) {
    std::vector<int> parameters{cv::CAP_PROP_OPEN_TIMEOUT_MSEC, open_timeout_ms, cv::CAP_PROP_READ_TIMEOUT_MSEC, read_timeout_ms};
#if CV_VERSION_MAJOR > 4 || CV_VERSION_MINOR >= 7
    parameters.insert(parameters.end(), {cv::CAP_PROP_N_THREADS, 1});
#endif
    return parameters;
}

bool open(cv::VideoCapture& video, Kind kind, const std::string& source, int device, int open_timeout_ms, int read_timeout_ms) {
    switch (kind) {
        case Kind::Device:
            if (!video.open(device, cv::CAP_V4L2)) {
                return false;
            }
            // As few old frames as the driver allows.
            video.set(cv::CAP_PROP_BUFFERSIZE, 1);
            return true;
        case Kind::Pipeline:
            return video.open(source, cv::CAP_GSTREAMER);
        case Kind::Stream:
            return video.open(source, cv::CAP_FFMPEG, stream_parameters(open_timeout_ms, read_timeout_ms));
        default:
            return video.open(source);
    }
}

}  // namespace

// Opens a source; device counts for Kind::Device only, the timeouts for Kind::Stream. The capture lives until sc_capture_close.
SC_EXPORT int sc_capture_open(int32_t kind, const char* source, int32_t device, int32_t open_timeout_ms, int32_t read_timeout_ms,
                              Capture** capture, char* error) {
    return sc_guard(error, [&] {
        auto opened = std::make_unique<Capture>();
        opened->kind = static_cast<Kind>(kind);
        if (!open(opened->video, opened->kind, source, device, open_timeout_ms, read_timeout_ms)) {
            return sc_fail(error, "no OpenCV backend opens it");
        }
        *capture = opened.release();
        return SC_OK;
    });
}

// Blocks until the next frame is there. 1: there is one; 0: the source has ended or stalled.
SC_EXPORT int sc_capture_grab(Capture* capture, char* error) {
    return sc_guard(error, [&] { return capture->video.grab() ? 1 : 0; });
}

// How many grabs ago the frame that a grab gives was read.
SC_EXPORT int sc_capture_held_back(const Capture* capture) {
    return capture->kind == Kind::Stream && !one_thread ? static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)) - 1 : 0;
}

// Decodes the grabbed frame and tells its size; sc_capture_copy then gives its pixels.
SC_EXPORT int sc_capture_retrieve(Capture* capture, int32_t* height, int32_t* width, char* error) {
    return sc_guard(error, [&] {
        if (!capture->video.retrieve(capture->frame) || capture->frame.empty()) {
            return sc_fail(error, "the frame cannot be decoded");
        }
        *height = capture->frame.rows;
        *width = capture->frame.cols;
        return SC_OK;
    });
}

// The retrieved frame as 8-bit RGB into the caller's [height, width, 3].
SC_EXPORT int sc_capture_copy(Capture* capture, uint8_t* rgb, char* error) {
    return sc_guard(error, [&] { return sc_copy_rgb(capture->frame, rgb, error); });
}

SC_EXPORT void sc_capture_close(Capture* capture) {
    try {
        delete capture;
    } catch (...) {
        // Nothing is left to tell.
    }
}
