using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Activation;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.Inspection;
using StructCore.Tests.Fakes;
using StructCore.Vision.Features;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;
using StructCore.Vision.Inference;

namespace StructCore.Tests.BankUpdates.Activation;

public sealed class ParityGateTests
{
    private const double Tolerance = 0.01;
    private const byte Good = 2;
    private const byte Bad = 30;
    private const byte AtThreshold = 10;
    private const byte BusyPart = FakeExtractor.Nut;

    private readonly FakeExtractor _extractor = new();
    private readonly FakeTimeProvider _time = new();
    private readonly StationOptions _station = new() { DeadlineMs = 450, DeadlineMarginMs = 50 };

    private ProductBank Bank => _extractor.Bank("cap", FakeExtractor.Cap);

    private RgbImage[] Crops => [Crop(Good), Crop(Bad)];

    [Fact]
    public async Task Run_SameMachine_PassesWithEveryNumber()
    {
        var report = await RunAsync(Signed());

        Assert.Equal([false, true], report.Images.Select(i => i.Rejected));
        Assert.All(report.Images, i => Assert.Equal((0, 0, i.ExpectedScore, i.ExpectedRejected), (i.FeatureDistance, i.ScoreDistance, i.Score, i.Rejected)));
        Assert.Equal((0, 200), (report.SlowestMs, report.AllowedMs));
    }

    [Fact]
    public async Task Run_WithinTheTolerance_Passes()
    {
        var signed = Signed();
        signed = signed with { Cases = [.. signed.Cases.Select(c => c with { Score = c.Score + 0.009f, Features = [.. c.Features.Select(f => f * 1.001f)] })] };
        var report = await RunAsync(signed);

        Assert.All(report.Images, i => Assert.Equal(0.009, i.ScoreDistance, 1e-4));
        Assert.All(report.Images, i => Assert.InRange(i.FeatureDistance, 1e-4, Tolerance));
    }

    [Theory]
    [InlineData(1.02f)]
    [InlineData(0.98f)]
    [InlineData(float.NaN)]
    public async Task Run_OtherFeatures_Fails(float factor)
    {
        var refusal = await RefusedAsync(Change(1, c => c with { Features = [.. c.Features.Select(f => f * factor * factor)] }));

        Assert.Equal(UpdateRefusal.ParityFailed, refusal.Refusal);
        Assert.Matches("^bank 'cap-v1' does not give what it was signed with, by the threshold 1, features within 0.01 and score within 0.01: image 2 of 2: features (0\\.0[0-9]+|NaN) apart, score [0-9.]+ instead of [0-9.]+ \\(0 of the threshold\\), REJECT instead of REJECT\\. ", refusal.Message);
    }

    [Theory]
    [InlineData(0.02f)]
    [InlineData(-0.02f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public async Task Run_OtherScore_Fails(float shift)
    {
        var refusal = await RefusedAsync(Change(0, c => c with { Score = c.Score + shift }));
        Assert.Equal(UpdateRefusal.ParityFailed, refusal.Refusal);
        Assert.Contains("image 1 of 2: features 0 apart, score 0.04", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OtherVerdict_PassesOnlyBesideTheThreshold()
    {
        var beside = new[] { Crop(AtThreshold) };
        var signed = Signed(beside);
        var report = await Gate().RunAsync(Bank, signed with { Cases = [signed.Cases[0] with { Rejected = !signed.Cases[0].Rejected, Score = 1.005f }] }, beside, default);
        Assert.NotEqual(report.Images[0].ExpectedRejected, report.Images[0].Rejected);

        var refusal = await RefusedAsync(Change(1, c => c with { Rejected = false }));
        Assert.Equal(UpdateRefusal.ParityFailed, refusal.Refusal);
        Assert.Contains("REJECT instead of ACCEPT", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FeaturesNotFinite_Fails()
    {
        var signed = Signed();
        var refusal = await Assert.ThrowsAsync<UpdateRefusedException>(() => Gate().RunAsync(Bank, signed, [Crop(Good), Crop(FakeExtractor.Broken)], default));
        Assert.Equal(UpdateRefusal.ParityFailed, refusal.Refusal);
        Assert.Contains("image 2 of 2: features NaN apart, score NaN instead of ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_IncompleteSet_IsMalformed()
    {
        var signed = Signed();
        await AssertMalformedAsync(signed with { Cases = [] }, []);
        await AssertMalformedAsync(signed, [Crop(Good)]);
        await AssertMalformedAsync(Change(0, c => c with { Features = [1, 2] }), Crops);
        await AssertMalformedAsync(signed, [Crop(Good), new RgbImage(1, 1, [0, 0, 0])]);

        async Task AssertMalformedAsync(ParitySet set, RgbImage[] crops) =>
            Assert.Equal(UpdateRefusal.Malformed, (await Assert.ThrowsAsync<UpdateRefusedException>(() => Gate().RunAsync(Bank, set, crops, default))).Refusal);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public async Task Run_SlowestPass_MayTakeHalfOfThePartsTime(int ms, bool passes)
    {
        var (signed, pass) = (Signed(), 0);
        _extractor.During = _ => _time.Advance(TimeSpan.FromMilliseconds(++pass == 3 ? ms : 10));
        if (passes)
        {
            Assert.Equal(ms, (await RunAsync(signed)).SlowestMs);
            return;
        }

        var refusal = await RefusedAsync(signed);
        Assert.Equal(UpdateRefusal.TooSlow, refusal.Refusal);
        Assert.StartsWith("bank 'cap-v1' (1 rows) takes 201 ms for a part on this machine without its camera, 200 ms are allowed", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FirstPassAndTheWaitForTheScorer_DoNotCount()
    {
        var (signed, shared) = (Signed(), Shared());
        var first = true;
        using var release = new ManualResetEventSlim();
        _extractor.During = frame =>
        {
            if (frame.Pixels[0] == BusyPart)
            {
                Assert.True(release.Wait(TimeSpan.FromSeconds(30)));
                return;
            }

            _time.Advance(TimeSpan.FromMilliseconds(first ? 10_000 : 10));
            first = false;
        };
        var busy = shared.ScoreAsync(new ImageToScore(new RgbImage(1, 1, [BusyPart, 0, 0]), BankSet.Create([Bank], _extractor.Backbone)), left: null, default);
        var running = new ParityGate(shared, _station).RunAsync(Bank, signed, Crops, default);
        _time.Advance(TimeSpan.FromSeconds(5));
        release.Set();

        await busy;
        Assert.Equal(10, (await running).SlowestMs);
    }

    [Fact]
    public async Task Run_Cancelled_GivesUpTheImageInWork()
    {
        var signed = Signed();
        using var stop = new CancellationTokenSource();
        (_extractor.Endless, _extractor.During) = (true, _ => stop.Cancel());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Gate().RunAsync(Bank, signed, Crops, stop.Token));
    }

    [Fact]
    public void Measure_OfACrop_IsWhatAFrameGives()
    {
        using var extractor = OnnxFeatureExtractor.Open(SharedFiles.EmbeddedBackbone);
        var (backbone, random) = (extractor.Backbone, new Random(1));
        var pixels = new byte[300 * 500 * RgbImage.Channels];
        random.NextBytes(pixels);
        var frame = new RgbImage(300, 500, pixels);
        foreach (var mode in Enum.GetValues<FrameMode>())
        {
            var crop = ImagePreprocessor.Crop(frame, mode, backbone.Resize, backbone.Crop);
            Assert.Equal(crop.Pixels, ImagePreprocessor.Crop(crop, FrameMode.FullFrame, backbone.Resize, backbone.Crop).Pixels);
            Assert.Equal(extractor.Extract(frame, mode).Values, extractor.Extract(crop, FrameMode.FullFrame).Values);
        }
    }

    private ParitySet Signed(RgbImage[]? crops = null) => new(_extractor.Backbone.Crop, Tolerance, Tolerance, ParityGate.Measure(Bank, new HostScorer(_extractor, _time), crops ?? Crops));

    private ParitySet Change(int image, Func<ParityCase, ParityCase> change)
    {
        var signed = Signed();
        return signed with { Cases = [.. signed.Cases.Select((c, i) => i == image ? change(c) : c)] };
    }

    private RgbImage Crop(byte deviation)
    {
        var pixels = new byte[_extractor.Backbone.Crop * _extractor.Backbone.Crop * RgbImage.Channels];
        (pixels[0], pixels[1]) = (FakeExtractor.Cap, deviation);
        return new RgbImage(_extractor.Backbone.Crop, _extractor.Backbone.Crop, pixels);
    }

    private SharedScorer Shared() => new(new HostScorer(_extractor, _time), new ModelOptions(), _time);

    private ParityGate Gate() => new(Shared(), _station);

    private Task<ParityReport> RunAsync(ParitySet expected) => Gate().RunAsync(Bank, expected, Crops, TestContext.Current.CancellationToken);

    private Task<UpdateRefusedException> RefusedAsync(ParitySet expected) => Assert.ThrowsAsync<UpdateRefusedException>(() => RunAsync(expected));
}
