using StructCore.Vision.Imaging;

namespace StructCore.Tests.Imaging;

public sealed class MaskGridTests
{
    /// <summary>The section's other cases are the metrics' own.</summary>
    public static TheoryData<string?> Cases
    {
        get
        {
            string?[] names = [.. GoldenCase.Names("metrics").Select(row => row.Data).Where(n => n is not null && GoldenCase.Open(n).HasInput("mask"))];
            return names.Length == 0 ? new TheoryData<string?>((string?)null) : new TheoryData<string?>(names);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("Suite", "golden")]
    public void Mask_GoldenCase_Agrees(string? name)
    {
        var golden = GoldenCase.Open(name);
        var (shape, crop) = (golden.InputShape("mask"), golden.OutputShape("grid")[0]);
        golden.AssertOutput<byte>("grid", MaskGrid.From(golden.Input<byte>("mask"), shape[0], shape[1], FrameMode.CentreCrop, crop * 8 / 7, crop));
    }

    [Fact]
    public void From_FullFrame_CutsNothingOff() =>
        Assert.Equal([1, 0, 0, 1], MaskGrid.From([7, 7, 0, 0, 7, 7, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1], 4, 4, FrameMode.FullFrame, 4, 2));

    [Fact]
    public void From_CentreCrop_CutsTheBorder() =>
        Assert.Equal([1, 0, 0, 1], MaskGrid.From([9, 9, 9, 9, 9, 255, 0, 9, 9, 0, 1, 9, 9, 9, 9, 9], 4, 4, FrameMode.CentreCrop, 4, 2));

    [Fact]
    public void From_WrongSize_IsRefused() =>
        Assert.Throws<ArgumentException>(() => MaskGrid.From(new byte[15], 4, 4, FrameMode.FullFrame, 4, 2));
}
