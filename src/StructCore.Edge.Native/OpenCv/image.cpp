// Image files in memory: decode and encode.
#include "shim.hpp"

#include <memory>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

namespace {

// Failures are returned, so OpenCV need not print them as well.
const bool quiet = [] {
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    cv::redirectError([](int, const char*, const char*, const char*, int, void*) { return 0; });
    return true;
}();

cv::Mat to_8_bit(const cv::Mat& deep) {
    cv::Mat shallow(deep.size(), CV_8UC(deep.channels()));
    const int samples = deep.cols * deep.channels();
    for (int y = 0; y < deep.rows; y++) {
        const uint16_t* from = deep.ptr<uint16_t>(y);
        uint8_t* to = shallow.ptr<uint8_t>(y);
        for (int x = 0; x < samples; x++) {
            to[x] = static_cast<uint8_t>((from[x] + 128) / 257);
        }
    }
    return shallow;
}

}  // namespace

int sc_copy_rgb(const cv::Mat& image, uint8_t* rgb, char* error) {
    if (image.depth() != CV_8U && image.depth() != CV_16U) {
        return sc_fail(error, "its samples are neither 8 nor 16 bit");
    }
    const cv::Mat shallow = image.depth() == CV_16U ? to_8_bit(image) : image;
    const int conversion = shallow.channels() == 1   ? cv::COLOR_GRAY2RGB
                           : shallow.channels() == 3 ? cv::COLOR_BGR2RGB
                           : shallow.channels() == 4 ? cv::COLOR_BGRA2RGB
                                                     : -1;
    if (conversion < 0) {
        return sc_fail(error, "it has neither 1, 3 nor 4 channels");
    }
    cv::Mat target(shallow.rows, shallow.cols, CV_8UC3, rgb);
    cv::cvtColor(shallow, target, conversion);
    return target.data == rgb ? SC_OK : sc_fail(error, "its pixels did not fit the buffer");
}

// Decodes into rgb, [height, width, 3]; fails where the file turns out to be of another size.
SC_EXPORT int sc_image_decode(const uint8_t* encoded, int32_t length, int32_t height, int32_t width, uint8_t* rgb, char* error) {
    return sc_guard(error, [&] {
        // The cast is safe: a Mat over foreign memory that is only read.
        const cv::Mat bytes(1, length, CV_8UC1, const_cast<uint8_t*>(encoded));
        const cv::Mat image = cv::imdecode(bytes, cv::IMREAD_UNCHANGED);
        if (image.empty()) {
            return sc_fail(error, "the decoder refuses it as damaged or of an unusual kind");
        }
        if (image.rows != height || image.cols != width) {
            return sc_fail(error, "its pixels are of another size than its header says");
        }
        return sc_copy_rgb(image, rgb, error);
    });
}

// Encodes as the extension says (".png", ".jpg"). The bytes stay in *buffer until sc_buffer_free.
SC_EXPORT int sc_image_encode(const uint8_t* rgb, int32_t height, int32_t width, const char* extension, int32_t quality,
                              std::vector<uchar>** buffer, const uint8_t** bytes, int32_t* length, char* error) {
    return sc_guard(error, [&] {
        const cv::Mat image(height, width, CV_8UC3, const_cast<uint8_t*>(rgb));
        cv::Mat bgr;
        cv::cvtColor(image, bgr, cv::COLOR_RGB2BGR);
        auto encoded = std::make_unique<std::vector<uchar>>();
        if (!cv::imencode(extension, bgr, *encoded, {cv::IMWRITE_JPEG_QUALITY, quality})) {
            return sc_fail(error, "the encoder refuses it");
        }
        *bytes = encoded->data();
        *length = static_cast<int32_t>(encoded->size());
        *buffer = encoded.release();
        return SC_OK;
    });
}

SC_EXPORT void sc_buffer_free(std::vector<uchar>* buffer) { delete buffer; }

SC_EXPORT const char* sc_opencv_version() {
    static const std::string version = cv::getVersionString();
    return version.c_str();
}
