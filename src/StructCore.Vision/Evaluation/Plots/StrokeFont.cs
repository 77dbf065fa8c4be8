using System.Collections.Frozen;
using System.Numerics;

namespace StructCore.Vision.Evaluation.Plots;

/// <summary>A font of pen strokes for ASCII 32 to 126, drawn for this project, so that plots need no font file.</summary>
/// <remarks>
/// A glyph is strokes divided by ';', a stroke is points "xy" on a grid: capitals stand between y = 0 and 6, small letters from 2, descenders reach 8.
/// A stroke of one point is a dot.
/// </remarks>
internal static class StrokeFont
{
    /// <summary>Height of capitals in grid units.</summary>
    public const int CapitalHeight = 6;

    private const float Gap = 1.8f;
    private const float SpaceWidth = 1.6f;

    private static readonly FrozenDictionary<char, Vector2[][]> Glyphs = Parse(
        """
        ! 00 04;06
        " 00 02;20 22
        # 10 16;30 36;02 42;04 44
        $ 41 30 10 01 02 13 33 44 45 36 16 05;20 26
        % 40 06;00 10 11 01 00;35 45 46 36 35
        & 46 12 11 20 31 32 04 05 16 26 44
        ' 00 02
        ( 10 01 05 16
        ) 00 11 15 06
        * 20 24;01 43;41 03
        + 21 25;03 43
        , 15 07
        - 03 33
        . 06
        / 30 06
        0 10 20 31 35 26 16 05 01 10
        1 01 10 16;06 26
        2 01 10 20 31 32 06 36
        3 01 10 20 31 32 23 34 35 26 16 05;13 23
        4 26 20 04 34
        5 30 00 02 22 33 35 26 16 05
        6 31 20 10 01 05 16 26 35 34 23 13 04
        7 00 30 16
        8 13 02 01 10 20 31 32 23 13 04 05 16 26 35 34 23
        9 05 16 26 35 31 20 10 01 02 13 23 32
        : 03;06
        ; 13;15 07
        < 31 03 35
        = 02 32;04 34
        > 01 33 05
        ? 01 10 20 31 32 13 14;16
        @ 34 32 22 13 14 24 34 44 41 30 10 01 05 16 46
        A 06 20 46;14 34
        B 06 00 20 31 32 23 34 35 26 06;03 23
        C 41 30 10 01 05 16 36 45
        D 00 06 26 44 42 20 00
        E 30 00 06 36;03 23
        F 30 00 06;03 23
        G 41 30 10 01 05 16 36 45 43 23
        H 00 06;40 46;03 43
        I 00 06
        J 20 25 16 05
        K 00 06;30 04;13 36
        L 00 06 36
        M 06 00 24 40 46
        N 06 00 46 40
        O 10 30 41 45 36 16 05 01 10
        P 06 00 20 31 32 23 03
        Q 10 30 41 45 36 16 05 01 10;34 46
        R 06 00 20 31 32 23 03;13 36
        S 31 20 10 01 02 13 23 34 35 26 16 05
        T 00 40;20 26
        U 00 05 16 36 45 40
        V 00 26 40
        W 00 16 22 36 40
        X 00 46;40 06
        Y 00 23 40;23 26
        Z 00 40 06 46
        [ 10 00 06 16
        \ 00 36
        ] 00 10 16 06
        ^ 02 20 42
        _ 07 37
        ` 00 11
        a 03 12 22 33 36;34 14 05 16 26 35
        b 00 06;03 12 22 33 35 26 16 05
        c 33 22 12 03 05 16 26 35
        d 30 36;33 22 12 03 05 16 26 35
        e 04 34 33 22 12 03 05 16 26 35
        f 20 11 16;02 22
        g 32 37 28 18 07;33 22 12 03 05 16 26 35
        h 00 06;03 12 22 33 36
        i 00;02 06
        j 10;12 17 08
        k 00 06;22 04 26
        l 00 05 16
        m 02 06;03 12 23 26;23 32 43 46
        n 02 06;03 12 22 33 36
        o 12 22 33 35 26 16 05 03 12
        p 02 08;03 12 22 33 35 26 16 05
        q 32 38;33 22 12 03 05 16 26 35
        r 02 06;03 12 22
        s 33 22 12 03 14 24 35 26 16 05
        t 10 15 26;02 22
        u 02 05 16 26 35;32 36
        v 02 26 42
        w 02 16 23 36 42
        x 02 36;32 06
        y 02 05 16 26 35;32 37 28 18 07
        z 02 32 06 36
        { 20 11 12 03 14 15 26
        | 00 07
        } 00 11 12 23 14 15 06
        ~ 03 12 23 32
        """);

    /// <summary>Width in grid units, without the gap after the last glyph.</summary>
    public static float Width(string text) => text.Length == 0 ? 0 : text.Sum(c => GlyphWidth(c) + Gap) - Gap;

    /// <summary>The strokes of a text, from (0, 0) at the upper left of its first capital, in grid units. Characters the font lacks become question marks.</summary>
    public static IEnumerable<Vector2[]> Strokes(string text)
    {
        var x = 0f;
        foreach (var c in text)
        {
            foreach (var stroke in Glyph(c))
            {
                yield return [.. stroke.Select(p => p + new Vector2(x, 0))];
            }

            x += GlyphWidth(c) + Gap;
        }
    }

    private static Vector2[][] Glyph(char c) => c == ' ' ? [] : Glyphs.TryGetValue(c, out var strokes) ? strokes : Glyphs['?'];

    private static float GlyphWidth(char c) => c == ' ' ? SpaceWidth : Glyph(c).Max(stroke => stroke.Max(p => p.X));

    private static FrozenDictionary<char, Vector2[][]> Parse(string table) => table.Split('\n').ToFrozenDictionary(
        line => line[0],
        line => line[2..].Split(';').Select(stroke => stroke.Split(' ').Select(p => new Vector2(p[0] - '0', p[1] - '0')).ToArray()).ToArray());
}
