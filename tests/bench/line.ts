import { connect, type Socket } from "node:net"

export type Answer = { status: number; head: string }

/**
 * One keep-alive connection that sends a request at a time and reads whole answers. It speaks just enough HTTP to be faster
 * than any server it measures: a client that is the slower of the two would make all servers look alike.
 */
export class Line {
  readonly #socket: Socket
  #text = ""
  #head = ""
  /** Bytes of the body that have not come yet; 0 while the head is awaited. */
  #missing = 0
  #take: (answer: Answer) => void = () => {}
  #fail: (error: Error) => void = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on("data", part => this.#read(part))
    socket.on("error", error => this.#fail(error))
    socket.on("close", () => this.#fail(new Error("The server closed the connection.")))
  }

  static open(port: number): Promise<Line> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1")
      socket.once("error", reject)
      socket.once("connect", () => {
        socket.off("error", reject)
        resolve(new Line(socket))
      })
    })
  }

  /** Sends a request; `take` is called with its answer. One at a time. */
  send(request: string, take: (answer: Answer) => void, fail: (error: Error) => void): void {
    this.#take = take
    this.#fail = fail
    this.#socket.write(request, "latin1")
  }

  ask(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => this.send(request, resolve, reject))
  }

  close(): void {
    this.#fail = () => {}
    this.#socket.destroy()
  }

  #read(part: Buffer): void {
    if (this.#missing > 0) {
      this.#missing -= part.length
      this.#finish()
      return
    }
    this.#text += part.toString("latin1")
    const end = this.#text.indexOf("\r\n\r\n")
    if (end < 0) return
    this.#head = this.#text.slice(0, end + 2)
    this.#missing = lengthOf(this.#head) - (this.#text.length - end - 4)
    this.#text = ""
    this.#finish()
  }

  #finish(): void {
    if (this.#missing > 0) return
    if (this.#missing < 0) this.#fail(new Error("An answer was longer than it said."))
    else this.#take({ status: Number(this.#head.slice(9, 12)), head: this.#head })
  }
}

function lengthOf(head: string): number {
  if (/\r\ntransfer-encoding:/i.test(head)) throw new Error("The client of the bench reads no chunks.")
  return Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
}
