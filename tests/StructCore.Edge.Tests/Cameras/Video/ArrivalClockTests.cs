using StructCore.Edge.Cameras.Video;

namespace StructCore.Tests.Cameras.Video;

public sealed class ArrivalClockTests
{
    private long _now;

    [Fact]
    public void Grabbed_FramesThatAreWaitedFor_AreFresh()
    {
        var clock = new ArrivalClock(0);
        for (var i = 0; i < 50; i++)
        {
            Assert.True(Grab(clock, 40)!.Value.Waited);
        }
    }

    [Fact]
    public void Grabbed_FramesThatHadPiledUpMeanwhile_AreNotFreshAndTheNextIs()
    {
        var clock = Running();
        _now += 200;
        for (var i = 0; i < 5; i++)
        {
            Assert.False(Grab(clock, 2)!.Value.Waited);
        }

        Assert.True(Grab(clock, 40)!.Value.Waited);
    }

    [Fact]
    public void Grabbed_SourceThatHasBecomeFaster_IsFreshAgainAfterAWhile()
    {
        var clock = Running();
        for (var i = 0; i < 40; i++)
        {
            Grab(clock, 5);
        }

        Assert.True(Grab(clock, 5)!.Value.Waited);
    }

    [Fact]
    public void Grabbed_DecoderThatHoldsFramesBack_GivesTheArrivalOfTheFrameThatComesOut()
    {
        var clock = new ArrivalClock(2);

        Assert.Null(Grab(clock, 40));
        Assert.Null(Grab(clock, 40));
        Assert.Equal(new ArrivalClock.Arrival(0, 40, true), Grab(clock, 40));
        Assert.Equal(new ArrivalClock.Arrival(40, 80, true), Grab(clock, 40));
    }

    private ArrivalClock Running()
    {
        var clock = new ArrivalClock(0);
        for (var i = 0; i < 20; i++)
        {
            Grab(clock, 40);
        }

        return clock;
    }

    private ArrivalClock.Arrival? Grab(ArrivalClock clock, long takes)
    {
        var begun = _now;
        _now += takes;
        return clock.Grabbed(begun, _now);
    }
}
