// The fully connected CRF written straightforwardly: one thread, a hash table of lattice points, loops over labels that the compiler may vectorise.
// It does the same work in the same order as pydensecrf's C++ core, and stands in for it.
// usage: dense_crf FOLDER WIDTH HEIGHT LABELS ITERATIONS GAUSSIAN_SXY GAUSSIAN_WEIGHT BILATERAL_SXY BILATERAL_SRGB BILATERAL_WEIGHT
// Reads FOLDER/image (uint8 [H, W, 3]) and FOLDER/unary (float32 [labels, H, W]), writes FOLDER/marginals, prints seconds: lattices, iterations, and CPU time of both.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

using Floats = std::vector<float>;

// Lattice points by their first d coordinates; open addressing.
class Points {
public:
    Points(int d, size_t expected) : d(d), slots(2 * expected, -1) {}

    int find(const short* key, bool create) {
        size_t slot = hash(key) % slots.size();
        for (;; slot = slot + 1 == slots.size() ? 0 : slot + 1) {
            int point = slots[slot];
            if (point == -1) {
                if (!create) return -1;
                if (2 * (count + 1) > slots.size()) { grow(); return find(key, true); }
                keys.insert(keys.end(), key, key + d);
                return slots[slot] = static_cast<int>(count++);
            }
            if (!std::memcmp(&keys[static_cast<size_t>(point) * d], key, d * sizeof(short))) return point;
        }
    }

    const short* key(int point) const { return &keys[static_cast<size_t>(point) * d]; }
    size_t size() const { return count; }

private:
    size_t hash(const short* key) const {
        size_t value = 0;
        for (int i = 0; i < d; i++) value = (value + key[i]) * 1664525;
        return value;
    }

    void grow() {
        std::vector<int> larger(2 * slots.size(), -1);
        for (size_t point = 0; point < count; point++) {
            size_t slot = hash(key(static_cast<int>(point))) % larger.size();
            while (larger[slot] != -1) slot = slot + 1 == larger.size() ? 0 : slot + 1;
            larger[slot] = static_cast<int>(point);
        }
        slots.swap(larger);
    }

    int d;
    size_t count = 0;
    std::vector<int> slots;
    std::vector<short> keys;
};

class Lattice {
public:
    // features: [pixels, d]
    Lattice(const Floats& features, int d, int n) : d(d), n(n), offsets(size_t(n) * (d + 1)), weights(size_t(n) * (d + 1)) {
        Points points(d, size_t(n) * (d + 1));
        Floats scale(d), elevated(d + 1), rem0(d + 1), barycentric(d + 2);
        std::vector<int> rank(d + 1);
        std::vector<short> key(d + 1), other(d + 1);
        float deviation = std::sqrt(2.0 / 3) * (d + 1);
        for (int i = 0; i < d; i++) scale[i] = 1 / std::sqrt((i + 2.0) * (i + 1)) * deviation;
        float down = 1.0f / (d + 1);
        for (int p = 0; p < n; p++) {
            const float* f = &features[size_t(p) * d];
            float sum = 0;
            for (int j = d; j > 0; j--) {
                float scaled = f[j - 1] * scale[j - 1];
                elevated[j] = sum - j * scaled;
                sum += scaled;
            }
            elevated[0] = sum;
            int excess = 0;
            for (int i = 0; i <= d; i++) {
                float rounded = std::nearbyint(down * elevated[i]);
                rem0[i] = rounded * (d + 1);
                excess += static_cast<int>(rounded);
                rank[i] = 0;
            }
            for (int i = 0; i < d; i++)
                for (int j = i + 1; j <= d; j++)
                    if (elevated[i] - rem0[i] < elevated[j] - rem0[j]) rank[i]++; else rank[j]++;
            for (int i = 0; i <= d; i++) {
                rank[i] += excess;
                if (rank[i] < 0) { rank[i] += d + 1; rem0[i] += d + 1; }
                else if (rank[i] > d) { rank[i] -= d + 1; rem0[i] -= d + 1; }
            }
            std::fill(barycentric.begin(), barycentric.end(), 0.0f);
            for (int i = 0; i <= d; i++) {
                float v = (elevated[i] - rem0[i]) * down;
                barycentric[d - rank[i]] += v;
                barycentric[d + 1 - rank[i]] -= v;
            }
            barycentric[0] += 1 + barycentric[d + 1];
            for (int r = 0; r <= d; r++) {
                for (int i = 0; i < d; i++) key[i] = static_cast<short>(rem0[i] + (rank[i] <= d - r ? r : r - (d + 1)));
                offsets[size_t(p) * (d + 1) + r] = points.find(key.data(), true) + 1;
                weights[size_t(p) * (d + 1) + r] = barycentric[r];
            }
        }
        m = points.size();
        neighbours.resize(2 * m * (d + 1));
        for (int j = 0; j <= d; j++)
            for (size_t point = 0; point < m; point++) {
                const short* at = points.key(static_cast<int>(point));
                for (int i = 0; i < d; i++) { key[i] = at[i] - 1; other[i] = at[i] + 1; }
                if (j < d) { key[j] = at[j] + d; other[j] = at[j] - d; }
                neighbours[2 * (j * m + point)] = points.find(key.data(), false) + 1;
                neighbours[2 * (j * m + point) + 1] = points.find(other.data(), false) + 1;
            }
    }

    // in, out: [pixels, labels]
    void filter(const Floats& in, Floats& out, int labels) const {
        Floats values((m + 1) * labels, 0.0f), blurred((m + 1) * labels, 0.0f);
        for (int p = 0; p < n; p++)
            for (int r = 0; r <= d; r++) {
                float w = weights[size_t(p) * (d + 1) + r];
                float* value = &values[size_t(offsets[size_t(p) * (d + 1) + r]) * labels];
                const float* source = &in[size_t(p) * labels];
                for (int l = 0; l < labels; l++) value[l] += w * source[l];
            }
        for (int j = 0; j <= d; j++) {
            for (size_t point = 0; point < m; point++) {
                const float* old = &values[(point + 1) * labels];
                const float* one = &values[size_t(neighbours[2 * (j * m + point)]) * labels];
                const float* two = &values[size_t(neighbours[2 * (j * m + point) + 1]) * labels];
                float* target = &blurred[(point + 1) * labels];
                for (int l = 0; l < labels; l++) target[l] = old[l] + 0.5f * (one[l] + two[l]);
            }
            values.swap(blurred);
        }
        float alpha = 1 / (1 + std::pow(2.0f, static_cast<float>(-d)));
        for (int p = 0; p < n; p++) {
            float* target = &out[size_t(p) * labels];
            for (int l = 0; l < labels; l++) target[l] = 0;
            for (int r = 0; r <= d; r++) {
                float w = weights[size_t(p) * (d + 1) + r];
                const float* value = &values[size_t(offsets[size_t(p) * (d + 1) + r]) * labels];
                for (int l = 0; l < labels; l++) target[l] += w * value[l] * alpha;
            }
        }
    }

private:
    int d, n;
    size_t m;
    std::vector<int> offsets, neighbours;
    Floats weights;
};

// Symmetric normalisation.
class Kernel {
public:
    Kernel(const Floats& features, int d, int n, float weight) : lattice(features, d, n), norm(n), weight(weight) {
        lattice.filter(Floats(n, 1.0f), norm, 1);
        for (float& value : norm) value = 1 / std::sqrt(value + 1e-20);
    }

    // target += weight * D K D q
    void add(const Floats& q, Floats& scratch, Floats& out, Floats& target, int labels) const {
        for (size_t i = 0; i < q.size(); i++) scratch[i] = q[i] * norm[i / labels];
        lattice.filter(scratch, out, labels);
        for (size_t i = 0; i < q.size(); i++) target[i] += weight * (out[i] * norm[i / labels]);
    }

private:
    Lattice lattice;
    Floats norm;
    float weight;
};

static void softmax(const Floats& energies, Floats& q, int n, int labels) {
    for (int p = 0; p < n; p++) {
        const float* in = &energies[size_t(p) * labels];
        float* out = &q[size_t(p) * labels];
        float largest = *std::max_element(in, in + labels), sum = 0;
        for (int l = 0; l < labels; l++) sum += out[l] = std::exp(in[l] - largest);
        for (int l = 0; l < labels; l++) out[l] /= sum;
    }
}

template <typename T> static std::vector<T> read(const std::string& path, size_t count) {
    std::vector<T> values(count);
    std::ifstream file(path, std::ios::binary);
    if (!file.read(reinterpret_cast<char*>(values.data()), count * sizeof(T))) { std::fprintf(stderr, "cannot read %s\n", path.c_str()); std::exit(1); }
    return values;
}

int main(int, char** argv) {
    std::string folder = argv[1];
    int width = std::atoi(argv[2]), height = std::atoi(argv[3]), labels = std::atoi(argv[4]), iterations = std::atoi(argv[5]), n = width * height;
    float gaussianSxy = std::atof(argv[6]), gaussianWeight = std::atof(argv[7]), sxy = std::atof(argv[8]), srgb = std::atof(argv[9]), weight = std::atof(argv[10]);
    auto image = read<uint8_t>(folder + "/image", size_t(n) * 3);
    auto planes = read<float>(folder + "/unary", size_t(n) * labels);

    std::clock_t cpu = std::clock();
    auto seconds = [start = std::chrono::steady_clock::now()] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
    Floats position, bilateral;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            const uint8_t* colour = &image[size_t(y * width + x) * 3];
            position.insert(position.end(), {x / gaussianSxy, y / gaussianSxy});
            bilateral.insert(bilateral.end(), {x / sxy, y / sxy, colour[0] / srgb, colour[1] / srgb, colour[2] / srgb});
        }
    Kernel kernels[] = {{position, 2, n, gaussianWeight}, {bilateral, 5, n, weight}};
    double lattices = seconds();

    Floats unary(planes.size()), q(planes.size()), next(planes.size()), scratch(planes.size()), out(planes.size());
    for (int l = 0; l < labels; l++)
        for (int p = 0; p < n; p++) unary[size_t(p) * labels + l] = -planes[size_t(l) * n + p];
    softmax(unary, q, n, labels);
    for (int iteration = 0; iteration < iterations; iteration++) {
        next = unary;
        for (const Kernel& kernel : kernels) kernel.add(q, scratch, out, next, labels);
        softmax(next, q, n, labels);
    }
    for (int l = 0; l < labels; l++)
        for (int p = 0; p < n; p++) planes[size_t(l) * n + p] = q[size_t(p) * labels + l];
    double total = seconds(), busy = double(std::clock() - cpu) / CLOCKS_PER_SEC;
    std::ofstream(folder + "/marginals", std::ios::binary).write(reinterpret_cast<char*>(planes.data()), planes.size() * sizeof(float));
    std::printf("%f %f %f\n", lattices, total - lattices, busy);
}
