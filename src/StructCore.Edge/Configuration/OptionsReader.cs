using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace StructCore.Edge.Configuration;

/// <summary>
/// Configuration sections to options objects. Unlike the stock binder it does not stop at the first mistake: unknown keys,
/// values of the wrong kind and values out of range are all collected, each with its path.
/// </summary>
internal sealed class OptionsReader(ICollection<string> errors)
{
    private static readonly string[] SecretNames = ["pass", "pwd", "secret", "token", "key", "credential"];

    /// <param name="ignored">Top-level keys that belong to somebody else.</param>
    public T Read<T>(IConfiguration configuration, params IEnumerable<string> ignored)
        where T : new()
    {
        var options = new T();
        Fill(options, "", configuration.GetChildren().Where(c => !ignored.Contains(c.Key, StringComparer.OrdinalIgnoreCase)));
        return options;
    }

    private void Fill(object options, string path, IEnumerable<IConfigurationSection> sections)
    {
        var properties = options.GetType().GetProperties().Where(p => p.CanWrite).ToArray();
        foreach (var section in sections)
        {
            if (properties.FirstOrDefault(p => p.Name.Equals(section.Key, StringComparison.OrdinalIgnoreCase)) is not { } property)
            {
                errors.Add(Unknown(section, properties));
            }
            else if (TryRead(section, property.PropertyType, out var value))
            {
                property.SetValue(options, value);
            }
        }

        foreach (var property in properties)
        {
            Check(property, property.GetValue(options), $"{path}{property.Name}");
        }
    }

    private bool TryRead(IConfigurationSection section, Type type, out object? value)
    {
        value = null;
        var target = Nullable.GetUnderlyingType(type) ?? type;
        if (target == typeof(string) || target.IsValueType)
        {
            return TryReadScalar(section, target, out value);
        }

        if (section.Value is { Length: > 0 } text)
        {
            errors.Add($"{section.Path}: '{Credentials.Mask(text)}' is a value, a section is expected.");
            return false;
        }

        if (!section.GetChildren().Any())
        {
            return false;
        }

        value = Activator.CreateInstance(target)!;
        if (value is IList list)
        {
            var element = target.GetGenericArguments()[0];
            foreach (var child in section.GetChildren())
            {
                if (TryRead(child, element, out var item))
                {
                    list.Add(item);
                }
            }
        }
        else
        {
            Fill(value, section.Path + ":", section.GetChildren());
        }

        return true;
    }

    private bool TryReadScalar(IConfigurationSection section, Type type, out object? value)
    {
        value = null;
        if (section.GetChildren().Any())
        {
            errors.Add($"{section.Path}: is a section, a value is expected.");
            return false;
        }

        if (section.Value is null)
        {
            return false;
        }

        try
        {
            value = TypeDescriptor.GetConverter(type).ConvertFromInvariantString(section.Value);
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException)
        {
            var expected = type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type)).ToLowerInvariant()}"
                : type == typeof(bool) ? "true or false"
                : type == typeof(double) ? "a number"
                : "a whole number";
            errors.Add($"{section.Path}: '{Credentials.Mask(section.Value)}' is not {expected}.");
            return false;
        }
    }

    private void Check(PropertyInfo property, object? value, string path)
    {
        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>().Where(r => !r.IsValid(value)))
        {
            errors.Add(rule switch
            {
                RequiredAttribute => $"{path}: is missing.",
                RangeAttribute range => $"{path}: {value} is out of range, {range.Minimum} to {range.Maximum}.",
                RegularExpressionAttribute pattern => $"{path}: '{Credentials.Mask($"{value}")}' does not match {pattern.Pattern}.",
                AllowedValuesAttribute allowed => $"{path}: '{Credentials.Mask($"{value}")}' is not one of {string.Join(", ", allowed.Values.Where(v => v is not null))}.",
                _ => $"{path}: {rule.FormatErrorMessage(property.Name)}",
            });
        }
    }

    private static string Unknown(IConfigurationSection section, IEnumerable<PropertyInfo> properties) =>
        SecretNames.Any(n => section.Key.Contains(n, StringComparison.OrdinalIgnoreCase))
            ? $"{section.Path}: a secret does not belong into the configuration. Put it into a file and name that: PasswordFile, KeyFile, SourceFile or HeadersFile; or into the variable {Triggers.BrokerOptions.PasswordVariable} or {Operator.HttpOptions.KeyVariable}."
            : $"{section.Path}: unknown key; known: {string.Join(", ", properties.Select(p => p.Name))}.";
}
