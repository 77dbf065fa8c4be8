using StructCore.Edge.Configuration;
using StructCore.Vision.Features;

namespace StructCore.Edge.Operator.Doctor;

/// <summary>The program itself and the native libraries it is made to work with.</summary>
internal static class ProgramCheck
{
    public static Task RunAsync(AdapterSet adapters, AgentOptions? options, Findings findings)
    {
        findings.Ok(ProgramVersion.Describe(adapters));
        Look("ONNX Runtime", null, () => $"{OnnxFeatureExtractor.RuntimeVersion} ({string.Join(", ", OnnxFeatureExtractor.RuntimeProviders)})");
        foreach (var (name, cameraKind, version) in adapters.Libraries)
        {
            Look(name, cameraKind, version);
        }

        return Task.CompletedTask;

        void Look(string name, string? cameraKind, Func<string> version)
        {
            try
            {
                findings.Ok($"{name} {version()}");
            }
            catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
            {
                var reason = e.GetBaseException().Message.Split(Environment.NewLine)[0];
                if (cameraKind is null || options?.Cameras.Any(c => c.Kind == cameraKind) == true)
                {
                    findings.Fail($"{name} cannot be loaded: {reason} Install it: scripts/setup, or the packages the .deb depends on and recommends.");
                }
                else
                {
                    findings.Ok($"{name} is not installed; only cameras of kind '{cameraKind}' need it, and none is configured");
                }
            }
        }
    }
}
