using StructCore.Tests.Evaluation;
using StructCore.Vision.Calibration;
using StructCore.Vision.Fitting;
using StructCore.Vision.Imaging;

namespace StructCore.Tests.Fitting;

public sealed class PeerReviewTests : IDisposable
{
    private const int Images = 24;
    private const int Odd = 7;

    private readonly TemporaryFolder _folder = new();
    private readonly FakeExtractor _extractor = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Methods that score an image against a bank without it, and those that do not.</summary>
    [Theory]
    [InlineData(CalibrationMethod.KFold)]
    [InlineData(CalibrationMethod.TenFold)]
    [InlineData(CalibrationMethod.LeaveOneOut)]
    [InlineData(CalibrationMethod.LeaveOneImageOut)]
    [InlineData(CalibrationMethod.Paper)]
    [InlineData(CalibrationMethod.HeldOut)]
    public void Suspects_ImageWithAPatchOfItsOwn_NamesItAndShowsWhere(CalibrationMethod method)
    {
        var images = Draw();
        var fitter = new BankFitter(new RawFiles(), _extractor, new FitOptions { CoresetRatio = 0.2, Method = method });
        var bank = fitter.Fit("cap", images, method == CalibrationMethod.HeldOut ? images : []);
        var review = new PeerReview(new RawFiles(), _extractor, bank, images);

        var suspects = review.Suspects(TestContext.Current.CancellationToken);

        Assert.Equal(Odd, Assert.Single(suspects.Images).Image);
        Assert.True(suspects.Images[0].Score > suspects.Level);
        var patches = review.Patches(Odd, TestContext.Current.CancellationToken)!.Values.ToArray();
        Assert.Equal(5, patches.Index().MaxBy(p => p.Item).Index);
    }

    /// <summary>Noise, and in one image a bright patch: row 1, column 1 of the extractor's grid.</summary>
    private string[] Draw()
    {
        var random = new Random(17);
        return [.. Enumerable.Range(0, Images).Select(i =>
        {
            var pixels = new byte[8 * 8 * RgbImage.Channels];
            for (var p = 0; p < pixels.Length; p++)
            {
                pixels[p] = (byte)(i == Odd && p / RgbImage.Channels is 18 or 19 ? 250 : 100 + random.Next(20));
            }

            var path = _folder[$"{i:D2}.png"];
            File.WriteAllBytes(path, new RawFiles().EncodePng(new RgbImage(8, 8, pixels)));
            return path;
        })];
    }
}
