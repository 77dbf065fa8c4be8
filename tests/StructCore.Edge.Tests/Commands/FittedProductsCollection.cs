namespace StructCore.Tests.Commands;

[CollectionDefinition(nameof(FittedProductsCollection))]
public sealed class FittedProductsCollection : ICollectionFixture<FittedProducts>;
