using StructCore.Edge.Simulation.Defects;
using StructCore.Edge.Simulation.Demo;
using StructCore.Edge.Simulation.Products;

namespace StructCore.Edge.Tests.Simulation.Demo;

public sealed class ShiftPlanTests
{
    [Fact]
    public void Create_SixtyParts_ShowsEveryDefectOnEveryProduct()
    {
        var plan = ShiftPlan.Create(60, 7);

        var defective = plan.Where(p => p.Defect is not null).Select(p => (p.Product, p.Defect!.Value)).ToArray();
        Assert.Equal(18, defective.Length);
        Assert.Equal(Enum.GetValues<ProductKind>().Length * Enum.GetValues<DefectKind>().Length, defective.Distinct().Count());
        Assert.All(plan.CountBy(p => p.Product), p => Assert.Equal(20, p.Value));
        Assert.Contains(plan, p => p.NamesRecipe);
        Assert.Contains(plan, p => p.AsksReply);
    }

    [Fact]
    public void Create_AnyShift_NumbersFramesInTheOrderACameraReplaysThem()
    {
        var plan = ShiftPlan.Create(120, 7);

        Assert.Equal(plan.Select(p => p.FrameFile).Order(StringComparer.Ordinal), plan.Select(p => p.FrameFile));
        Assert.Equal(plan.Count, plan.Select(p => p.Seed).Distinct().Count());
    }

    [Fact]
    public void Create_SameSeed_SameShift()
    {
        Assert.Equal(ShiftPlan.Create(20, 7), ShiftPlan.Create(20, 7));
        Assert.NotEqual(ShiftPlan.Create(20, 7), ShiftPlan.Create(20, 8));
    }
}
