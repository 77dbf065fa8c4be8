using System.Net;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.Downloads;
using StructCore.Edge.Drift;
using StructCore.Edge.Operator;
using StructCore.Edge.Storage;
using StructCore.Edge.Telemetry;
using StructCore.Edge.Triggers;
using StructCore.Vision.Features;

namespace StructCore.Edge.Configuration;

/// <summary>What no single value can tell: references between sections, double names, files that must be there.</summary>
internal static class AgentOptionsValidator
{
    public static void Validate(AgentOptions options, ICollection<string> errors)
    {
        RequireUnique(options.Cameras.Select(c => c.Id), "Cameras", "Id", errors);
        RequireUnique(options.Stations.Select(s => s.Name), "Stations", "Site/Line/Id", errors);
        if (options.Stations.Count == 0)
        {
            errors.Add("Stations: at least one station is needed.");
        }

        var cameras = options.Cameras.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < options.Stations.Count; i++)
        {
            var station = options.Stations[i];
            if (station.Camera.Length > 0 && !cameras.Contains(station.Camera))
            {
                errors.Add($"Stations:{i}:Camera: camera '{station.Camera}' is not configured; known: {(cameras.Count == 0 ? "none" : string.Join(", ", cameras))}.");
            }

            if (station.Share is { } share && StationTopics.Reserved.Contains(share.Instance))
            {
                errors.Add($"Stations:{i}:Share:Instance: '{share.Instance}' is a topic of every station; choose another name.");
            }

            if (station.Broker is { } broker)
            {
                ValidateBroker(broker, $"Stations:{i}:Broker", errors);
            }
        }

        for (var i = 0; i < options.Cameras.Count; i++)
        {
            if (options.Cameras[i].Source.Length == 0)
            {
                errors.Add(options.Cameras[i].SourceFile is { } file ? $"Cameras:{i}:SourceFile: '{file}' gives no source, its first line is asked." : $"Cameras:{i}:Source: is missing.");
            }

            if (options.Cameras[i] is { GenICam: not null, Kind: not "genicam" } other)
            {
                errors.Add($"Cameras:{i}:GenICam: is for cameras of kind genicam only, this one is of kind '{other.Kind}'. Set the camera's Kind or drop the section.");
            }

            if (options.Cameras[i].Region is { } region && (region.X < 0 || region.Y < 0 || region.Width < 1 || region.Height < 1))
            {
                errors.Add($"Cameras:{i}:Region: {region.Width} x {region.Height} at ({region.X}, {region.Y}) is no rectangle; X and Y are 0 or more, Width and Height 1 or more.");
            }
        }

        if (options.Models is { Provider: ExecutionProvider.Cpu } models && (models.Precision != Precision.Fp32 || models.CudaGraphs))
        {
            errors.Add($"Models:{(models.CudaGraphs ? "CudaGraphs" : "Precision")}: is for GPUs, Models:Provider is cpu. Set Provider to cuda or tensorrt, or leave it out.");
        }

        if (options.Drift.Window is > 0 and < DriftOptions.LeastWindow)
        {
            errors.Add($"Drift:Window: {options.Drift.Window} accepted parts are too few to compare; set {DriftOptions.LeastWindow} or more, or 0 to compare none.");
        }

        ValidateBroker(options.Broker, "Broker", errors);
        ValidateHttp(options.Http, errors);
        ValidateOtlp(options.Telemetry.Otlp, errors);
        ValidateUpdates(options.Updates, errors);
        if (RecordRetention.LeastAge(options.LongestSession) is var least && TimeSpan.FromDays(options.Store.MaxAgeDays) < least)
        {
            errors.Add($"Store:MaxAgeDays: {options.Store.MaxAgeDays} days are too short: a broker keeps triggers for {options.LongestSession.TotalHours} hours (SessionExpiryHours), and one it sends again must be known. Set {Math.Ceiling(least.TotalDays)} or more.");
        }
    }

    private static void ValidateOtlp(OtlpOptions otlp, ICollection<string> errors)
    {
        RequireFile(otlp.HeadersFile, "Telemetry:Otlp:HeadersFile", errors);
        if (otlp.Endpoint is { } endpoint && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0))
        {
            errors.Add("Telemetry:Otlp:Endpoint: is no address like http://127.0.0.1:4317; user and password do not belong into it, name a file of headers in HeadersFile.");
        }
    }

    private static void ValidateUpdates(UpdateOptions updates, ICollection<string> errors)
    {
        RequireFile(updates.TrustFile, "Updates:TrustFile", errors);
        RequireFile(updates.CaFile, "Updates:CaFile", errors);
        RequireFile(updates.TokenFile, "Updates:TokenFile", errors);
        if (updates.BaseUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var address) && HttpDownload.IsAllowed(address) && address.UserInfo.Length == 0))
        {
            errors.Add("Updates:BaseUrl: is no address like https://updates.plant/banks; plain http is for this machine alone, and user and password belong into Updates:TokenFile.");
        }
    }

    private static void ValidateHttp(HttpOptions http, ICollection<string> errors)
    {
        if (!http.Enabled)
        {
            return;
        }

        if (!IPAddress.TryParse(http.Address, out var address))
        {
            errors.Add($"Http:Address: '{http.Address}' is no IP address; 127.0.0.1 is this machine alone, 0.0.0.0 every network it is in.");
            return;
        }

        try
        {
            if (ApiKey.Read(http) is null && !IPAddress.IsLoopback(address))
            {
                errors.Add($"Http:KeyFile: {address} can be reached from outside, so a key is needed. Put one into a file and name that here, or into the variable {HttpOptions.KeyVariable}; or listen on 127.0.0.1.");
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            errors.Add($"Http:KeyFile: {e.Message}");
        }
    }

    private static void ValidateBroker(BrokerOptions broker, string path, ICollection<string> errors)
    {
        if (broker.UserName is null && broker.PasswordFile is not null)
        {
            errors.Add($"{path}:UserName: is missing, but there is a PasswordFile.");
        }

        RequireFile(broker.PasswordFile, $"{path}:PasswordFile", errors);
        if (broker.Tls is not { } tls)
        {
            return;
        }

        RequireFile(tls.CaFile, $"{path}:Tls:CaFile", errors);
        RequireFile(tls.CertificateFile, $"{path}:Tls:CertificateFile", errors);
        RequireFile(tls.KeyFile, $"{path}:Tls:KeyFile", errors);
        if (tls.CertificateFile is null != tls.KeyFile is null)
        {
            errors.Add($"{path}:Tls: CertificateFile and KeyFile belong together, one of them is missing.");
        }
    }

    private static void RequireFile(string? file, string path, ICollection<string> errors)
    {
        if (!string.IsNullOrEmpty(file) && !File.Exists(file))
        {
            errors.Add($"{path}: file '{file}' does not exist.");
        }
    }

    private static void RequireUnique(IEnumerable<string> names, string section, string key, ICollection<string> errors)
    {
        foreach (var twice in names.Index().GroupBy(n => n.Item, StringComparer.Ordinal).Where(g => g.Key.Length > 0 && g.Count() > 1))
        {
            errors.Add($"{section}:{twice.Last().Index}: {key} '{twice.Key}' is taken by {section}:{twice.First().Index} already.");
        }
    }
}
