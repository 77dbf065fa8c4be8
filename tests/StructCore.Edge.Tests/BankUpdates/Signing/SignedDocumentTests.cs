using System.Diagnostics;
using System.Text;
using StructCore.Edge.BankUpdates;
using StructCore.Edge.BankUpdates.Packages;
using StructCore.Edge.BankUpdates.Signing;

namespace StructCore.Tests.BankUpdates.Signing;

public sealed class SignedDocumentTests : IDisposable
{
    private const string OpenSsl = "/usr/bin/openssl";
    private const string Good = """{"type":"override","category":"cap","version":3,"created":"2026-03-01T00:00:00Z","expires":"2026-03-03T00:00:00Z","reason":"x"}""";

    private readonly SigningKey _key = SigningKey.Create();

    public void Dispose() => _key.Dispose();

    [Fact]
    public void Parse_WhatWasWritten_GivesTheSameBytes()
    {
        var document = Signed(Good);
        var read = SignedDocument.Parse(document.ToJson());
        Assert.Equal(Good, Encoding.UTF8.GetString(read.Payload));
        Assert.Equal((_key.Id, document.Sha256), (read.Signatures.Single().KeyId, read.Sha256));
        Assert.True(_key.PublicKey.Verifies(read.Payload, read.Signatures.Single().Signature));
        Assert.Equal(3, OverrideDocument.Read(read).Version);
    }

    [Fact]
    public void Sign_WithOurs_VerifiesWithOpenSsl()
    {
        Assert.SkipUnless(File.Exists(OpenSsl), $"needs '{OpenSsl}' (Debian package openssl)");
        using var folder = new TemporaryFolder();
        var document = Signed(Good);
        File.WriteAllBytes(folder["payload"], document.Payload);
        File.WriteAllBytes(folder["signature"], document.Signatures.Single().Signature);
        File.WriteAllText(folder["key.pem"], _key.PublicKey.ToPem());
        Assert.Equal((0, "Verified OK"), Verify(folder));
        File.AppendAllText(folder["payload"], " ");
        Assert.Equal(1, Verify(folder).Code);
    }

    [Fact]
    public void Sign_WithOpenSsl_VerifiesWithOurs()
    {
        Assert.SkipUnless(File.Exists(OpenSsl), $"needs '{OpenSsl}' (Debian package openssl)");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["payload"], Good);
        Assert.Equal(0, Run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", folder["key.pem"]).Code);
        Assert.Equal(0, Run("dgst", "-sha256", "-sign", folder["key.pem"], "-out", folder["signature"], folder["payload"]).Code);
        using var key = SigningKey.Load(folder["key.pem"]);
        Assert.True(key.PublicKey.Verifies(File.ReadAllBytes(folder["payload"]), File.ReadAllBytes(folder["signature"])));
    }

    [Fact]
    public void Read_AnotherType_IsRefused()
    {
        var error = Assert.Throws<UpdateRefusedException>(() => CalibrationDocument.Read(Signed(Good)));
        Assert.Equal(UpdateRefusal.Malformed, error.Refusal);
        Assert.Contains("its type is 'override', expected 'calibration'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":3}""")]
    [InlineData("""{"type":"Override","category":"cap","version":3,"created":"2026-03-01T00:00:00Z","expires":"2026-03-03T00:00:00Z","reason":"x"}""")]
    [InlineData("""{"type":"override","type":"override","category":"cap","version":3,"created":"2026-03-01T00:00:00Z","expires":"2026-03-03T00:00:00Z","reason":"x"}""")]
    [InlineData("""{"type":"override","category":"cap","version":3,"version":3,"created":"2026-03-01T00:00:00Z","expires":"2026-03-03T00:00:00Z","reason":"x"}""")]
    [InlineData("""{"type":"override","category":"cap","version":3,"more":1,"created":"2026-03-01T00:00:00Z","expires":"2026-03-03T00:00:00Z","reason":"x"}""")]
    [InlineData("""{"type":"override","category":"cap","Version":3,"created":"2026-03-01T00:00:00Z","expires":"2026-03-03T00:00:00Z","reason":"x"}""")]
    [InlineData("""{"type":"override","category":"cap","created":"2026-03-01T00:00:00Z","expires":"2026-03-03T00:00:00Z","reason":"x"}""")]
    [InlineData("""{"type":"override","category":null,"version":3,"created":"2026-03-01T00:00:00Z","expires":"2026-03-03T00:00:00Z","reason":"x"}""")]
    [InlineData("""{"type":"override","category":"cap","version":"3","created":"2026-03-01T00:00:00Z","expires":"2026-03-03T00:00:00Z","reason":"x"}""")]
    [InlineData("""{"type":"override","category":"cap","version":3e9,"created":"2026-03-01T00:00:00Z","expires":"2026-03-03T00:00:00Z","reason":"x"}""")]
    [InlineData("""{"type":"override","category":"cap","version":3,"created":"yesterday","expires":"2026-03-03T00:00:00Z","reason":"x"}""")]
    [InlineData("""{"type":"override","category":"cap","version":3,"created":5,"expires":"2026-03-03T00:00:00Z","reason":"x"}""")]
    [InlineData("""{"type":"override","category":"cap","version":3,"created":"2026-03-01T00:00:00Z","expires":"2026-03-03T00:00:00Z","reason":"\ud800"}""")]
    [InlineData("""{"type":"\ud800"}""")]
    [InlineData("""{"type":"override","category":"cap","version":3,"created":"2026-03-01T00:00:00Z","expires":"2026-03-03T00:00:00Z","reason":"x"} {}""")]
    [InlineData("""{"type":"override","category":"cap","version":3,"created":"2026-03-01T00:00:00Z","expires":"2026-03-03T00:00:00Z","reason":"x",}""")]
    [InlineData("""{"type":"override","category":"cap","version":3,"created":"2026-03-01T00:00:00Z","expires":"2026-03-03T00:00:00Z","reason":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}""")]
    public void Read_NotExactlyTheDocument_IsMalformed(string payload) =>
        Assert.Equal(UpdateRefusal.Malformed, Assert.Throws<UpdateRefusedException>(() => OverrideDocument.Read(Signed(payload))).Refusal);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"payload":"e30=","signatures":[]}""")]
    [InlineData("""{"payload":"e30=","signatures":[null]}""")]
    [InlineData("""{"payload":"e30=","signatures":null}""")]
    [InlineData("""{"payload":"","signatures":[{"key_id":"00000000000000000000000000000000","signature":"AAAA"}]}""")]
    [InlineData("""{"payload":"*","signatures":[{"key_id":"00000000000000000000000000000000","signature":"AAAA"}]}""")]
    [InlineData("""{"payload":"e30=","signatures":[{"key_id":"0000000000000000000000000000000G","signature":"AAAA"}]}""")]
    [InlineData("""{"payload":"e30=","signatures":[{"key_id":"00000000000000000000000000000000","signature":""}]}""")]
    [InlineData("""{"payload":"e30=","signatures":[{"key_id":"00000000000000000000000000000000"}]}""")]
    [InlineData("""{"payload":"e30=","signatures":[{"key_id":"00000000000000000000000000000000","signature":"AAAA"}],"more":""}""")]
    public void Parse_NotExactlyASignedDocument_IsMalformed(string json) =>
        Assert.Equal(UpdateRefusal.Malformed, Assert.Throws<UpdateRefusedException>(() => SignedDocument.Parse(Encoding.UTF8.GetBytes(json))).Refusal);

    [Fact]
    public void Read_TextOfAStranger_DoesNotSpoilTheLog()
    {
        var error = Assert.Throws<UpdateRefusedException>(() => OverrideDocument.Read(Signed($$"""{"type":"a\nb{{new string('x', 5000)}}"}""")));
        Assert.Contains("'a?bxxx", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 500, 700);
        Assert.DoesNotContain('\n', Assert.Throws<UpdateRefusedException>(() => SignedDocument.Parse("{\"a\\nb\":1}"u8)).Message);
    }

    [Fact]
    public void Parse_LargePayloadsAndManySignatures_AreBounded()
    {
        var largest = SignedDocument.Sign(new byte[SignedDocument.MaxPayloadBytes], _key);
        Assert.Equal(largest.Sha256, SignedDocument.Parse((largest with { Signatures = [.. Enumerable.Repeat(largest.Signatures[0], 16)] }).ToJson()).Sha256);
        Assert.Equal(UpdateRefusal.Malformed, Refusal((largest with { Payload = new byte[SignedDocument.MaxPayloadBytes + 1] }).ToJson()));
        Assert.Equal(UpdateRefusal.Malformed, Refusal((largest with { Signatures = [.. Enumerable.Repeat(largest.Signatures[0], 17)] }).ToJson()));
        Assert.Equal(UpdateRefusal.Malformed, Refusal((largest with { Signatures = [largest.Signatures[0] with { Signature = new byte[73] }] }).ToJson()));
        Assert.Equal(UpdateRefusal.TooLarge, Refusal(new byte[SignedDocument.MaxJsonBytes + 1]));
    }

    [Fact]
    public void Parse_AnyByteChanged_NeverCrashesAndNeverCounts()
    {
        using var root = SigningKey.Create();
        var trust = TestTrust.Open(root, _key);
        var json = SignedDocument.Sign(Encoding.UTF8.GetBytes(Good), root).ToJson();
        var random = new Random(3);
        for (var i = 0; i < json.Length; i++)
        {
            var spoiled = json.ToArray();
            spoiled[i] ^= (byte)(1 << random.Next(8));
            try
            {
                // Base64 may end in bits that do not count: what is read is then what was signed.
                var document = SignedDocument.Parse(spoiled);
                Assert.NotEmpty(trust.Verify(document, TrustRole.Trust, TestTrust.Now));
                Assert.Equal(Good, Encoding.UTF8.GetString(document.Payload));
            }
            catch (UpdateRefusedException)
            {
            }

            Assert.Throws<UpdateRefusedException>(() => SignedDocument.Parse(json.AsSpan(0, i)));
        }
    }

    private static UpdateRefusal Refusal(byte[] json) => Assert.Throws<UpdateRefusedException>(() => SignedDocument.Parse(json)).Refusal;

    private static (int Code, string Output) Verify(TemporaryFolder folder) => Run("dgst", "-sha256", "-verify", folder["key.pem"], "-signature", folder["signature"], folder["payload"]);

    private static (int Code, string Output) Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(OpenSsl, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Trim());
    }

    private SignedDocument Signed(string payload) => SignedDocument.Sign(Encoding.UTF8.GetBytes(payload), _key);
}
