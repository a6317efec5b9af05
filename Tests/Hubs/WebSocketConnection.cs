using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace Dashboard.Tests.Hubs;

/// <summary>SignalR's client over a plain web socket: the package that brings the HTTP transports is not in every feed.</summary>
internal sealed class WebSocketConnection : ConnectionContext, IDuplexPipe
{
    private readonly ClientWebSocket _socket;
    private readonly Stream _stream;

    private WebSocketConnection(ClientWebSocket socket)
    {
        _socket = socket;
        _stream = new WebSocketStream(socket);
        (Input, Output) = (PipeReader.Create(_stream), PipeWriter.Create(_stream));
        Transport = this;
    }

    public PipeReader Input { get; }
    public PipeWriter Output { get; }
    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString();
    public override Microsoft.AspNetCore.Http.Features.IFeatureCollection Features { get; } =
        new Microsoft.AspNetCore.Http.Features.FeatureCollection();
    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();
    public override IDuplexPipe Transport { get; set; }

    /// <param name="address">Of the hub, http.</param>
    public static HubConnection To(Uri address)
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<IConnectionFactory>(new Factory());
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(new UriBuilder(address) { Scheme = "ws" }.Uri));
        builder.Services.AddSingleton<IHubProtocol, JsonHubProtocol>();
        return builder.Build();
    }

    /// <summary>As if the network had gone: nobody says goodbye.</summary>
    public override void Abort(ConnectionAbortedException abortReason) => _socket.Abort();

    public override async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        await Output.CompleteAsync();
        _socket.Dispose();
        await base.DisposeAsync();
    }

    private sealed class Factory : IConnectionFactory
    {
        public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            var socket = new ClientWebSocket();
            await socket.ConnectAsync(((UriEndPoint)endpoint).Uri, cancellationToken);
            return new WebSocketConnection(socket);
        }
    }

    /// <summary>Messages of a socket as one stream of bytes.</summary>
    private sealed class WebSocketStream(ClientWebSocket socket) : Stream
    {
        public override bool CanRead => true;
        public override bool CanWrite => true;
        public override bool CanSeek => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer, cancellationToken);
                if (read.Count > 0 || read.MessageType == WebSocketMessageType.Close)
                    return read.Count;
            }
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            socket.SendAsync(buffer, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
