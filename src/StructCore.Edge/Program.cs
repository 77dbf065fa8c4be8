using StructCore.Edge.Commands;

return await CommandLineRunner.RunAsync(args, Console.Out, Console.Error);
