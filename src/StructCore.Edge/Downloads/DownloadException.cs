using System.Net;

namespace StructCore.Edge.Downloads;

/// <summary>A server did not give what it was asked for. The message says what happened; what to do about it, whoever asked knows.</summary>
/// <param name="status">What the server answered, where it did.</param>
internal sealed class DownloadException(string message, HttpStatusCode? status = null, Exception? inner = null) : Exception(message, inner)
{
    public HttpStatusCode? Status => status;
}
