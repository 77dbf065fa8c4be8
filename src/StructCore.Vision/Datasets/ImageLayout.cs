namespace StructCore.Vision.Datasets;

/// <summary>How a folder of images is arranged.</summary>
public enum ImageLayout
{
    /// <summary>MVTec AD's: <c>CATEGORY/train/good</c>, <c>CATEGORY/test/KIND</c>, <c>CATEGORY/ground_truth/KIND</c>.</summary>
    MvtecAd,

    /// <summary>VisA's own: <c>CATEGORY/Data/Images</c> and <c>CATEGORY/Data/Masks</c>, divided by <c>split_csv/1cls.csv</c>.</summary>
    VisA,

    /// <summary>One folder of good images, the category is its name.</summary>
    PlainFolder,
}
