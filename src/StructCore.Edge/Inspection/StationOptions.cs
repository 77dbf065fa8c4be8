using System.ComponentModel.DataAnnotations;
using StructCore.Edge.Triggers;

namespace StructCore.Edge.Inspection;

/// <summary>One entry of <c>Stations</c> in the configuration.</summary>
internal sealed class StationOptions
{
    /// <summary>First level of the topics, <c>sc/v1/{site}/{line}/{id}/</c>, and of the evidence folder: none of the three begins with a dot.</summary>
    [Required]
    [RegularExpression("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")]
    public string Site { get; set; } = "site1";

    [Required]
    [RegularExpression("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")]
    public string Line { get; set; } = "line1";

    [Required]
    [RegularExpression("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}")]
    public string Id { get; set; } = "";

    /// <summary>Id of the camera a trigger means that names none.</summary>
    [Required]
    public string Camera { get; set; } = "";

    /// <summary>The products it judges; all the banks of the folder where it is empty.</summary>
    public List<string> Categories { get; set; } = [];

    /// <summary>Accepted triggers that may wait; one more is answered <c>busy</c>. 1 to 1000.</summary>
    [Range(1, 1000)]
    public int QueueCapacity { get; set; } = 8;

    /// <summary>Time a trigger that names none allows for its verdict, 100 to 60000.</summary>
    [Range(TriggerParser.MinDeadlineMs, TriggerParser.MaxDeadlineMs)]
    public int DeadlineMs { get; set; } = 2000;

    /// <summary>How long before the deadline a verdict that is not there becomes ERROR <c>deadline_missed</c>, 1 to 90.</summary>
    [Range(1, TriggerParser.MinDeadlineMs - 10)]
    public int DeadlineMarginMs { get; set; } = 50;

    /// <summary>What the features and score of a part may take on a machine that is fit for this station: half of its time, so that a part that waits behind another is in time too.</summary>
    public double PassMs => (DeadlineMs - DeadlineMarginMs) / 2.0;

    /// <summary>How long finished records may wait so that several are written and sent on <c>results</c> together, 0 to 5000. Verdicts never wait.</summary>
    [Range(0, 5000)]
    public int ResultsPauseMs { get; set; } = 200;

    /// <summary>Publish <c>verdict/code</c> too, for controllers without a JSON parser.</summary>
    public bool PublishCode { get; set; }

    /// <summary>Absent: this agent alone serves the station.</summary>
    public ShareOptions? Share { get; set; }

    /// <summary>Another broker, or another account, than the shared one.</summary>
    public BrokerOptions? Broker { get; set; }

    /// <summary>Whether the configuration lets it judge this product.</summary>
    public bool MayJudge(string category) => Categories.Count == 0 || Categories.Contains(category, StringComparer.Ordinal);

    /// <summary><c>site/line/id</c>: the station's name in store and log.</summary>
    public string Name => $"{Site}/{Line}/{Id}";
}
