using Dashboard.Web.Server;

return await DashboardServer.RunAsync(new ServeOptions());
