using Dashboard.Web.Cli;

return await DashboardCommand.RunAsync(args);
