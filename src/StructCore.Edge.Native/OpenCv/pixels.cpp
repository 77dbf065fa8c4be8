// Pixels as industrial cameras send them.
#include "shim.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace {

// The order is that of CameraPixelFormat.cs.
enum format { MONO8, MONO10, MONO12, MONO16, RGB8, BGR8, BAYER_GR8, BAYER_RG8, BAYER_GB8, BAYER_BG8 };

int conversion_of(int format) {
    switch (format) {
        case MONO8: return cv::COLOR_GRAY2RGB;
        case BGR8: return cv::COLOR_BGR2RGB;
        case BAYER_GR8: return cv::COLOR_BayerGRBG2RGB;
        case BAYER_RG8: return cv::COLOR_BayerRGGB2RGB;
        case BAYER_GB8: return cv::COLOR_BayerGBRG2RGB;
        case BAYER_BG8: return cv::COLOR_BayerBGGR2RGB;
        default: return -1;
    }
}

// Rounded to 8 bit and repeated; for 16 bit this is (v + 128) div 257, as for image files.
template <uint32_t largest>
void deep_to_rgb(const cv::Mat& raw, uint8_t* rgb) {
    for (int y = 0; y < raw.rows; y++) {
        const uint16_t* from = raw.ptr<uint16_t>(y);
        for (int x = 0; x < raw.cols; x++, rgb += 3) {
            const uint32_t value = std::min<uint32_t>(from[x], largest);
            rgb[0] = rgb[1] = rgb[2] = static_cast<uint8_t>((value * 255 + largest / 2) / largest);
        }
    }
}

}  // namespace

// Converts rows that are `step` bytes apart into rgb, [height, width, 3].
SC_EXPORT int sc_pixels_to_rgb(const uint8_t* pixels, int64_t step, int32_t height, int32_t width, int32_t format, uint8_t* rgb, char* error) {
    return sc_guard(error, [&] {
        const bool deep = format == MONO10 || format == MONO12 || format == MONO16;
        const int type = deep ? CV_16UC1 : format == RGB8 || format == BGR8 ? CV_8UC3 : CV_8UC1;
        // The cast is safe: a Mat over foreign memory that is only read.
        const cv::Mat raw(height, width, type, const_cast<uint8_t*>(pixels), static_cast<size_t>(step));
        cv::Mat target(height, width, CV_8UC3, rgb);
        switch (format) {
            case RGB8: raw.copyTo(target); break;
            case MONO10: deep_to_rgb<1023>(raw, rgb); break;
            case MONO12: deep_to_rgb<4095>(raw, rgb); break;
            case MONO16: deep_to_rgb<65535>(raw, rgb); break;
            default: cv::cvtColor(raw, target, conversion_of(format));
        }

        return target.data == rgb ? SC_OK : sc_fail(error, "its pixels did not fit the buffer");
    });
}
