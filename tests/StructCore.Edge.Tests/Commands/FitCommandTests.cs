using StructCore.Edge;
using StructCore.Edge.Commands;
using StructCore.Vision.Calibration;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Commands;

public sealed class FitCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Banks => _folder["banks"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Fit_PlainFolder_WritesABankThatKeepsTheDefaults()
    {
        var (code, output, _) = await Run("--images", Images("cap", 4), "--banks", Banks);
        Assert.Equal(CommandLineRunner.Done, code);
        var manifest = BankFile.Read(Path.Combine(Banks, "cap-v1.scbank")).Manifest;
        Assert.Equal((FrameMode.FullFrame, CalibrationMethod.Refilled, DistanceForm.OneSided), (manifest.Frame, manifest.Calibration.Method, manifest.Calibration.Distance));
        Assert.Equal("proc-r10", manifest.Backbone);
        Assert.Contains("cap-v1.scbank: 4 images, 31 rows of 192, proc-r10, full-frame, refilled, one-sided, threshold ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fit_EveryOption_IsRecorded()
    {
        var (code, _, _) = await Run(
            "--images", Images("cap", 4), "--banks", Banks, "--category", "lid", "--coreset", "0.02", "--calibration", "leave-one-out",
            "--distance", "two-sided", "--quantile", "0.9", "--unknown", "0.3", "--lambda", "0.25", "--frame", "centre-crop", "--backbone", SharedFiles.EmbeddedBackbone);
        Assert.Equal(CommandLineRunner.Done, code);
        var manifest = BankFile.Read(Path.Combine(Banks, "lid-v1.scbank")).Manifest;
        Assert.Equal((FrameMode.CentreCrop, CalibrationMethod.LeaveOneOut, DistanceForm.TwoSided), (manifest.Frame, manifest.Calibration.Method, manifest.Calibration.Distance));
        Assert.Equal((0.02, 0.9, 0.3, 0.25f), (manifest.CoresetRatio, manifest.Calibration.Quantile, manifest.Calibration.UnknownShare, manifest.Calibration.Lambda));
    }

    [Fact]
    public async Task Fit_Unknown_SaysWhatIsRefused()
    {
        var (_, output, _) = await Run("--images", Images("cap", 4), "--banks", Banks);
        Assert.Contains("unknown products: refused where the cover distance is beyond 0.", output, StringComparison.Ordinal);
        Assert.Contains(", at most 20 % of good parts", output, StringComparison.Ordinal);

        (_, output, _) = await Run("--images", Images("cap", 4), "--banks", Banks, "--unknown", "0");
        Assert.Contains("unknown products: none is refused", output, StringComparison.Ordinal);
        Assert.Null(BankFile.Read(Path.Combine(Banks, "cap-v2.scbank")).CoverLimit);
    }

    [Fact]
    public async Task Fit_BenchmarkLayout_DefaultsToTheCentreCrop()
    {
        Images(Path.Combine("set", "cap", "train", "good"), 3);
        Assert.Equal(CommandLineRunner.Done, (await Run("--images", _folder["set"], "--banks", Banks)).Code);
        Assert.Equal(FrameMode.CentreCrop, BankFile.Read(Path.Combine(Banks, "cap-v1.scbank")).Manifest.Frame);
    }

    [Theory]
    [InlineData("--coreset", "0", "--coreset must lie above 0 and be at most 1.")]
    [InlineData("--coreset", "1.5", "--coreset must lie above 0 and be at most 1.")]
    [InlineData("--coreset", "half", "--coreset must lie above 0 and be at most 1.")]
    [InlineData("--quantile", "NaN", "--quantile must lie above 0 and be at most 1.")]
    [InlineData("--unknown", "-0.1", "--unknown must lie between 0 and 1.")]
    [InlineData("--lambda", "-1", "--lambda takes a number of 0 or more.")]
    [InlineData("--calibration", "papr", "papr")]
    [InlineData("--frame", "crop", "crop")]
    [InlineData("--colour", "blue", "--colour")]
    public async Task Fit_WrongUse_SaysSoWithCode2(string option, string value, string message)
    {
        var (code, _, error) = await Run("--images", _folder.Path, "--banks", Banks, option, value);
        Assert.Equal(CommandLineRunner.WrongUse, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Banks));
    }

    [Fact]
    public async Task Fit_FalseReject_SaysWhatIsPromisedAndHowManyImagesTheWishTakes()
    {
        var (code, output, _) = await Run("--images", Images("cap", 4), "--banks", Banks, "--false-reject", "0.01");
        Assert.Equal(CommandLineRunner.Done, code);
        Assert.Contains("promise: at most 20 % of good parts are rejected, by 4 images; the 1 % that was asked for takes 99 images.", output, StringComparison.Ordinal);
        Assert.Equal(0.01, BankFile.Read(Path.Combine(Banks, "cap-v1.scbank")).Calibration.FalseReject);
    }

    [Fact]
    public async Task Fit_Paper_StandsAtTheQuantileAndPromisesNothing()
    {
        var (code, output, _) = await Run("--images", Images("cap", 4), "--banks", Banks, "--calibration", "paper");
        Assert.Equal(CommandLineRunner.Done, code);
        Assert.Contains("promise: none", output, StringComparison.Ordinal);
        var calibration = BankFile.Read(Path.Combine(Banks, "cap-v1.scbank")).Calibration;
        Assert.Equal((0.995, null), (calibration.Quantile, calibration.FalseReject));
    }

    [Fact]
    public async Task Fit_Calibrate_LearnsTheThresholdFromTheOtherImages()
    {
        var (code, output, error) = await Run("--images", Images("cap", 4), "--calibrate", Images("others", 5), "--banks", Banks);
        Assert.Equal(CommandLineRunner.Done, code);
        var bank = BankFile.Read(Path.Combine(Banks, "cap-v1.scbank"));
        Assert.Equal((4, 5, 5, CalibrationMethod.HeldOut), (bank.Manifest.TrainImages, bank.Calibration.Images, bank.Calibration.Normal!.Count, bank.Calibration.Method));
        Assert.Contains("held-out", output, StringComparison.Ordinal);
        Assert.Contains("'cap' has only 5 held-out images", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fit_CalibrateWithTheImagesOfTheBank_IsRefused()
    {
        var images = Images("cap", 4);
        var (code, _, error) = await Run("--images", images, "--calibrate", images, "--banks", Banks);
        Assert.Equal(CommandLineRunner.Failed, code);
        Assert.Contains("keep them apart", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--calibration", "held-out", "--calibration held-out takes --calibrate with the images to calibrate on, no other does.")]
    [InlineData("--false-reject", "0", "--false-reject must lie above 0 and be at most 1.")]
    public async Task Fit_WishThatMeansNothing_SaysSoWithCode2(string option, string value, string message)
    {
        var (code, _, error) = await Run("--images", Images("cap", 4), "--banks", Banks, option, value);
        Assert.Equal(CommandLineRunner.WrongUse, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fit_TwoRules_AreOneTooMany()
    {
        var (code, _, error) = await Run("--images", Images("cap", 4), "--banks", Banks, "--false-reject", "0.1", "--quantile", "0.9");
        Assert.Equal(CommandLineRunner.WrongUse, code);
        Assert.Contains("fit takes either --false-reject or --quantile.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fit_CorruptImage_NamesItAndWritesNoBank()
    {
        var images = Images("cap", 4);
        File.WriteAllText(Path.Combine(images, "3.png"), "no image");
        var (code, _, error) = await Run("--images", images, "--banks", Banks);
        Assert.Equal(CommandLineRunner.Failed, code);
        Assert.Contains(Path.Combine(images, "3.png"), error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Banks));
    }

    [Theory]
    [InlineData(0, "has no images and no category")]
    [InlineData(1, "has 1 good images to fit from, at least 3 are needed")]
    public async Task Fit_TooFewImages_SaysHowMany(int count, string message)
    {
        var (code, _, error) = await Run("--images", Images("cap", count), "--banks", Banks);
        Assert.Equal(CommandLineRunner.Failed, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fit_FolderThatCannotNameACategory_SaysWhatCan()
    {
        var (code, _, error) = await Run("--images", Images("a+b", 3), "--banks", Banks);
        Assert.Equal(CommandLineRunner.Failed, code);
        Assert.Contains("'a+b' cannot name a category", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLineRunner.RunAsync(["fit", .. arguments, "--models", Path.Combine(SharedFiles.Repository, "models")], output, error);
        return (code, output.ToString(), error.ToString());
    }

    private string Images(string name, int count)
    {
        var folder = Directory.CreateDirectory(_folder[name]).FullName;
        var random = new Random(name.Length);
        for (var i = 0; i < count; i++)
        {
            var pixels = new byte[40 * 40 * RgbImage.Channels];
            random.NextBytes(pixels);
            File.WriteAllBytes(Path.Combine(folder, $"{i}.png"), AdapterSet.Current.ImageCodec.EncodePng(new RgbImage(40, 40, pixels)));
        }

        return folder;
    }
}
