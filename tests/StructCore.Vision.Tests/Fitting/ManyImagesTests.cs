using StructCore.Vision.Fitting;

namespace StructCore.Tests.Fitting;

public sealed class ManyImagesTests
{
    [Fact]
    public void Select_LaterItemDoneFirst_KeepsTheOrder()
    {
        using var second = new ManualResetEventSlim();
        var results = ManyImages.Select(Enumerable.Range(0, 40), Work, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 40), results);

        int Work(int item)
        {
            if (item == 0)
            {
                second.Wait(TestContext.Current.CancellationToken);
            }
            else if (item == 1)
            {
                second.Set();
            }

            return item;
        }
    }

    [Fact]
    public void Select_SlowReader_IsNeverFarBehind()
    {
        var (begun, read) = (0, 0);
        foreach (var ahead in ManyImages.Select(Enumerable.Range(0, 60), _ => Interlocked.Increment(ref begun) - Volatile.Read(ref read), TestContext.Current.CancellationToken))
        {
            Assert.InRange(ahead, 0, ManyImages.AtOnce + 1);
            Volatile.Write(ref read, read + 1);
        }

        Assert.Equal(60, begun);
    }

    [Fact]
    public void Select_SeveralFail_ThrowsTheFirstOnceAllThatWereBegunHaveEnded()
    {
        var (begun, ended) = (0, 0);
        var error = Assert.Throws<InvalidDataException>(() => ManyImages.Select(Enumerable.Range(0, 50), Work, TestContext.Current.CancellationToken).Count());
        Assert.Equal("3", error.Message);
        Assert.Equal(begun, ended);

        int Work(int item)
        {
            Interlocked.Increment(ref begun);
            try
            {
                return item < 3 ? item : throw new InvalidDataException(item.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }
            finally
            {
                Interlocked.Increment(ref ended);
            }
        }
    }

    [Fact]
    public void Select_Cancelled_GivesNoFurtherResult()
    {
        using var cancel = new CancellationTokenSource();
        var read = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var item in ManyImages.Select(Enumerable.Range(0, 50), i => i, cancel.Token))
            {
                read++;
                cancel.Cancel();
            }
        });
        Assert.Equal(1, read);
    }
}
