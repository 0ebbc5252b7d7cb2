"""The provider of servers, `pulumi-resource-lajur`: a thin adapter on the SDK's experimental class. Decides nothing."""
