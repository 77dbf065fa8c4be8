using System.CommandLine;
using StructCore.Edge.Configuration;

namespace StructCore.Edge.Commands;

/// <summary>Which store file a verb is about: named itself, or by the agent's configuration.</summary>
internal sealed class StoreLocation
{
    private readonly Option<string?> _config = new("--config") { HelpName = "FILE", Description = "The agent's configuration, whose Store:Path is taken [default: as of the run verb]" };
    private readonly Option<string?> _store = new("--store") { HelpName = "FILE", Description = "The store file itself" };

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_store);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_config) is not null && result.GetResult(_store) is not null)
            {
                result.AddError("--config and --store both name the store. Leave one of them out.");
            }
        });
    }

    public string Of(ParseResult parsed) => parsed.GetValue(_store) is { } file ? Path.GetFullPath(file) : AgentConfiguration.Load(parsed.GetValue(_config)).Options.Store.Path;
}
