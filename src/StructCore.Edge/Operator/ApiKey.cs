using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using StructCore.Edge.Configuration;

namespace StructCore.Edge.Operator;

/// <summary>The key that callers of the HTTP side must show. Only its hash is kept, and compared in constant time.</summary>
internal sealed class ApiKey
{
    public const string Header = "X-Api-Key";
    public const string Scheme = "Bearer";
    public const int MinLength = 16;

    private readonly byte[] _hash;

    private ApiKey(string key) => _hash = Hash(key);

    /// <summary>The key of the file or the variable; null where there is neither.</summary>
    /// <exception cref="InvalidDataException">There is one, and it is of no use; the message says why, without showing it.</exception>
    public static ApiKey? Read(HttpOptions options)
    {
        var (source, key) = options.KeyFile is { } file ? ($"the file '{file}'", SecretFile.Read(file) ?? "") : ($"the variable {HttpOptions.KeyVariable}", Environment.GetEnvironmentVariable(HttpOptions.KeyVariable));
        return key switch
        {
            null => null,
            { Length: < MinLength } => throw new InvalidDataException($"the key in {source} has {key.Length} characters, at least {MinLength} are needed. Make one with 'openssl rand -hex 32'."),
            _ => new(key),
        };
    }

    public bool IsShownBy(HttpRequest request)
    {
        var shown = request.Headers[HeaderNames.Authorization].ToString() is var authorization && authorization.StartsWith(Scheme + " ", StringComparison.OrdinalIgnoreCase)
            ? authorization[(Scheme.Length + 1)..]
            : request.Headers[Header].ToString();
        return CryptographicOperations.FixedTimeEquals(Hash(shown), _hash);
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
