using StructCore.Edge.Commands;

return await RootCommandFactory.Create().Parse(args).InvokeAsync();
