// The browser's end of /hubs/runs: events of runs, in order, none lost and none twice, for as long as the page is open.
import "/lib/signalr/signalr.min.js";

const delay = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

/** One connection for all runs that a page watches. Reconnects for ever; every watch then goes on after its last event. */
export class RunEvents {
  #connection;
  #watches = new Set();
  #onStatus;
  #disposed = false;

  /** @param {(status: "connecting" | "live" | "reconnecting") => void} onStatus */
  constructor(onStatus = () => {}) {
    this.#onStatus = onStatus;
    this.#connection = new signalR.HubConnectionBuilder()
      .withUrl("/hubs/runs", { transport: signalR.HttpTransportType.WebSockets, skipNegotiation: true })
      .configureLogging(signalR.LogLevel.None)
      .build();
    this.#connection.onclose(() => this.#connect("reconnecting"));
    this.#connect("connecting");
  }

  /**
   * @param {string} run
   * @param {number} afterSeq the last event that is known already
   * @param {(event: object) => void} onEvent
   * @param {(message: string) => void} onError the server's words; the watch is tried again all the same
   */
  watch(run, afterSeq, onEvent, onError = () => {}) {
    const watch = new Watch(this.#connection, run, afterSeq, onEvent, onError);
    this.#watches.add(watch);
    watch.open();
    return watch;
  }

  dispose() {
    this.#disposed = true;
    for (const watch of this.#watches) watch.close();
    this.#connection.stop();
  }

  async #connect(status) {
    for (let attempt = 0; !this.#disposed; attempt++) {
      this.#onStatus(status);
      try {
        await this.#connection.start();
        this.#onStatus("live");
        for (const watch of this.#watches) watch.open();
        return;
      } catch {
        await delay(Math.min(5000, 250 * 2 ** attempt));
      }
    }
  }
}

/** The events of one run. */
class Watch {
  #connection;
  #onEvent;
  #onError;
  #stream = null;
  #closed = false;

  constructor(connection, run, afterSeq, onEvent, onError) {
    this.#connection = connection;
    this.run = run;
    this.lastSeq = afterSeq;
    this.#onEvent = onEvent;
    this.#onError = onError;
  }

  /** Does nothing while the stream flows. To be called again when a finished run is resumed. */
  open() {
    if (this.#closed || this.#stream || this.#connection.state !== signalR.HubConnectionState.Connected) return;
    this.#stream = this.#connection.stream("Watch", this.run, this.lastSeq).subscribe({
      next: event => this.#take(event),
      complete: () => (this.#stream = null),
      error: error => this.#fail(error),
    });
  }

  close() {
    this.#closed = true;
    // The subscription cancels itself over the connection, which may be gone already.
    try { this.#stream?.dispose(); } catch { /* then there is nothing to cancel */ }
  }

  #take(event) {
    if (event.seq <= this.lastSeq) return;
    this.lastSeq = event.seq;
    this.#onEvent(event);
  }

  async #fail(error) {
    this.#stream = null;
    await delay(0); // a lost connection reports here first and changes its state after
    if (this.#closed || this.#connection.state !== signalR.HubConnectionState.Connected) return;
    this.#onError(error.message.replace(/^.*HubException: /s, ""));
    await delay(3000);
    this.open();
  }
}
