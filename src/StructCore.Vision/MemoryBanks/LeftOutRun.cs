using System.Numerics.Tensors;

namespace StructCore.Vision.MemoryBanks;

/// <summary>
/// One coreset of <see cref="LeftOutCoresets"/>: goes along the centres of all rows, and keeps apart the rows whose distance to the nearest centre is
/// another without the image. Of all others the next centre of the whole list is the farthest, so it is chosen where none of those apart is farther.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class LeftOutRun(LeftOutCoresets coresets, int first, int count)
{
    // What rounding may hide of a squared distance, many times over.
    private const float Outward = 1.001f;

    private readonly CentreRecords _records = coresets.Records;
    private readonly List<int> _chosen = [];

    // 1 + where a row stands among those apart; 0 where it does not.
    private readonly int[] _places = new int[coresets.Rows];
    private int[] _apart = new int[1024];
    private int[] _record = new int[1024];
    private float[] _distances = new float[1024];
    private int _count;
    private int _time;

    /// <summary>Places in the order they were chosen, beginning with the first centre of all rows; null where the list of all rows does not reach.</summary>
    public int[]? Choose(int size)
    {
        _chosen.Add(coresets.Centre(0));
        for (_time = 1; _chosen.Count < size;)
        {
            if (_time == coresets.Centres)
            {
                return null;
            }

            var centre = coresets.Centre(_time);
            var (isApart, radius) = (IsOut(centre) || _places[centre] > 0, Radius(centre));
            var (farthest, distance) = Farthest();
            if (radius <= 0)
            {
                // All rows left are copies of centres.
                return null;
            }

            if (distance > radius || (distance == radius && !isApart && farthest < centre))
            {
                ChooseApart(farthest);
            }
            else if (isApart)
            {
                Pass();
            }
            else
            {
                ChooseNext(centre);
            }
        }

        return [.. _chosen];
    }

    private bool IsOut(int row) => row >= first && row < first + count;

    /// <summary>Distance of the next centre to the centres before it, in the list of all rows.</summary>
    private float Radius(int centre)
    {
        var record = _records.First(centre);
        while (_records.NextTime(centre, record) < _time)
        {
            record++;
        }

        return _records.Distance(record);
    }

    /// <summary>Of the rows apart; ties go to the lowest.</summary>
    private (int Row, float Distance) Farthest()
    {
        if (_count == 0)
        {
            return (-1, float.NegativeInfinity);
        }

        var distances = _distances.AsSpan(0, _count);
        var (distance, row) = (TensorPrimitives.Max<float>(distances), int.MaxValue);
        for (var from = 0; distances[from..].IndexOf(distance) is >= 0 and var at; from += at + 1)
        {
            row = Math.Min(row, _apart[from + at]);
        }

        return (row, distance);
    }

    /// <summary>The next centre of all rows becomes one here too.</summary>
    private void ChooseNext(int centre)
    {
        _chosen.Add(centre);
        for (var i = _count - 1; i >= 0; i--)
        {
            var (row, before) = (_apart[i], _records.Distance(_record[i]));
            if (_records.NextTime(row, _record[i]) == _time)
            {
                Shorten(i, _records.Distance(++_record[i]));
            }
            else if (_distances[i] > before)
            {
                Shorten(i, SquaredDistance.Of(coresets.Row(row), coresets.Row(centre)));
            }
        }

        _time++;
    }

    /// <summary>The next centre of all rows does not become one here: the rows it came nearer to stay as far as they were.</summary>
    private void Pass()
    {
        foreach (var (row, record) in _records.Of(_time))
        {
            if (!IsOut(row) && _places[row] == 0)
            {
                SetApart(row, record, _records.Distance(record - 1));
            }
        }

        for (var i = _count - 1; i >= 0; i--)
        {
            if (_records.NextTime(_apart[i], _record[i]) == _time)
            {
                _record[i]++;
                Shorten(i, float.PositiveInfinity);
            }
        }

        _time++;
    }

    /// <summary>A row apart becomes a centre.</summary>
    private void ChooseApart(int row)
    {
        _chosen.Add(row);
        var own = _places[row] - 1;
        var isCentre = _records.Distance(_record[own]) <= 0;
        _distances[own] = -1;
        for (var i = _count - 1; i >= 0; i--)
        {
            if (_distances[i] > 0)
            {
                Shorten(i, SquaredDistance.Of(coresets.Row(_apart[i]), coresets.Row(row)));
            }
        }

        // A centre of all rows that was passed brings no row nearer than it is there.
        for (var time = 0; time < _time && !isCentre; time++)
        {
            SetApartAround(time, row);
        }
    }

    /// <summary>Sets apart the rows around the centre of a time that are nearer to <paramref name="centre"/>; by the triangle only those can be that are half as far as the two from each other.</summary>
    private void SetApartAround(int time, int centre)
    {
        var between = SquaredDistance.Of(coresets.Row(coresets.Centre(time)), coresets.Row(centre));
        foreach (var (row, record) in _records.Of(time))
        {
            var distance = _records.Distance(record);
            if (4 * Outward * distance < between)
            {
                return;
            }

            if (_records.NextTime(row, record) >= _time && !IsOut(row) && _places[row] == 0
                && SquaredDistance.Of(coresets.Row(row), coresets.Row(centre)) is var nearer && nearer < distance)
            {
                SetApart(row, record, nearer);
            }
        }
    }

    private void SetApart(int row, int record, float distance)
    {
        if (_count == _apart.Length)
        {
            Array.Resize(ref _apart, 2 * _count);
            Array.Resize(ref _record, 2 * _count);
            Array.Resize(ref _distances, 2 * _count);
        }

        (_apart[_count], _record[_count], _distances[_count]) = (row, record, distance);
        _places[row] = ++_count;
    }

    /// <summary>Brings a row apart nearer; it is apart no more where it is as far as among all centres.</summary>
    private void Shorten(int i, float distance)
    {
        if (_distances[i] < 0)
        {
            return;
        }

        _distances[i] = Math.Min(_distances[i], distance);
        if (_distances[i] == _records.Distance(_record[i]))
        {
            _count--;
            _places[_apart[i]] = 0;
            if (i < _count)
            {
                (_apart[i], _record[i], _distances[i]) = (_apart[_count], _record[_count], _distances[_count]);
                _places[_apart[i]] = i + 1;
            }
        }
    }
}
