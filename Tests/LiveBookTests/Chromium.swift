import Foundation

/// A headless Chromium that is told what to do through a pipe, in the words of the DevTools protocol.
final class Chromium {
  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  private let process = Process()
  private let (orders, replies) = (Pipe(), Pipe())
  private let profile = URL.temporaryDirectory.appending(path: "convbook-\(UUID().uuidString)")
  private var unread = Data()
  private var orderNumber = 0
  private var session: String?
  private var hasLoaded = false

  /// What pages wrote on the console, and where their scripts failed.
  var messages: [String] = []
  /// Every address that was asked for.
  private(set) var requests: [String] = []
  /// A folder whose files are given for `http://book.test/`, as a web server gives them.
  var served: URL?

  /// Starts the program and opens an empty page.
  init(_ program: String) throws {
    signal(SIGPIPE, SIG_IGN)
    try FileManager.default.createDirectory(at: profile, withIntermediateDirectories: true)
    process.executableURL = URL(filePath: "/bin/bash")
    // It reads orders from the file 3 and writes replies to the file 4.
    process.arguments = [
      "-c", #"exec "$0" "$@" 3<&0 4>&1 < /dev/null > /dev/null 2>&1"#, program, "--headless=new",
      "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run",
      "--hide-scrollbars", "--user-data-dir=\(profile.path)", "about:blank",
    ]
    (process.standardInput, process.standardOutput) = (orders, replies)
    try process.run()
    let target = try send("Target.createTarget", ["url": "about:blank"])["targetId"] as? String
    session =
      try send("Target.attachToTarget", ["targetId": target ?? "", "flatten": true])["sessionId"]
      as? String
    for domain in ["Page", "Runtime", "Log", "Network"] { try send("\(domain).enable") }
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: profile)
  }

  /// Gives an order and waits for its reply.
  @discardableResult
  func send(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
    let number = try write(method, parameters)
    while true {
      let message = try next()
      guard message["id"] as? Int == number else {
        try notice(message)
        continue
      }
      if let error = message["error"] as? [String: Any] {
        throw Problem(description: "\(method): \(error["message"] ?? error)")
      }
      return message["result"] as? [String: Any] ?? [:]
    }
  }

  private func write(_ method: String, _ parameters: [String: Any]) throws -> Int {
    orderNumber += 1
    var order: [String: Any] = ["id": orderNumber, "method": method, "params": parameters]
    order["sessionId"] = session
    try orders.fileHandleForWriting.write(
      contentsOf: JSONSerialization.data(withJSONObject: order) + [0])
    return orderNumber
  }

  /// The next message; each ends with a zero.
  private func next() throws -> [String: Any] {
    while true {
      if let end = unread.firstIndex(of: 0) {
        let message = unread[unread.startIndex..<end]
        unread = Data(unread[(end + 1)...])
        return try JSONSerialization.jsonObject(with: message) as? [String: Any] ?? [:]
      }
      var waiting = pollfd(
        fd: replies.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 120_000) > 0 else {
        throw Problem(description: "the browser has said nothing for two minutes")
      }
      let more = replies.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Problem(description: "the browser has ended") }
      unread += more
    }
  }

  private func notice(_ event: [String: Any]) throws {
    let parameters = event["params"] as? [String: Any] ?? [:]
    switch event["method"] as? String {
    case "Page.loadEventFired": hasLoaded = true
    case "Runtime.consoleAPICalled":
      let words = (parameters["args"] as? [[String: Any]] ?? []).map { "\($0["value"] ?? $0)" }
      messages.append(words.joined(separator: " "))
    case "Runtime.exceptionThrown": messages.append("\(parameters["exceptionDetails"] ?? "")")
    case "Log.entryAdded":
      messages.append("\((parameters["entry"] as? [String: Any])?["text"] ?? parameters)")
    case "Network.requestWillBeSent":
      requests.append("\((parameters["request"] as? [String: Any])?["url"] ?? "")")
    case "Fetch.requestPaused": try serve(parameters)
    default: break
    }
  }

  private func serve(_ request: [String: Any]) throws {
    let address = URL(string: "\((request["request"] as? [String: Any])?["url"] ?? "")")
    let name = String(address?.path.dropFirst() ?? "")
    let kinds = [
      "html": "text/html", "css": "text/css", "js": "text/javascript", "png": "image/png",
    ]
    var reply: [String: Any] = ["requestId": request["requestId"] ?? "", "responseCode": 404]
    if let served, let body = try? Data(contentsOf: served.appending(path: name)) {
      reply["responseCode"] = 200
      reply["body"] = body.base64EncodedString()
      let kind = kinds[address?.pathExtension ?? ""] ?? "application/octet-stream"
      reply["responseHeaders"] = [["name": "Content-Type", "value": kind]]
    }
    _ = try write("Fetch.fulfillRequest", reply)
  }

  /// Opens a page anew and waits until it has loaded.
  func open(_ address: String) throws {
    // By way of an empty one, because another link to the same page does not load it.
    for address in ["about:blank", address] {
      hasLoaded = false
      try send("Page.navigate", ["url": address])
      while !hasLoaded { try notice(next()) }
    }
  }

  /// The value of an expression in the page, awaited where it is a promise.
  @discardableResult
  func evaluate(_ expression: String) throws -> Any? {
    let reply = try send(
      "Runtime.evaluate",
      ["expression": expression, "awaitPromise": true, "returnByValue": true])
    if let failure = reply["exceptionDetails"] as? [String: Any] {
      let exception = failure["exception"] as? [String: Any]
      throw Problem(description: "\(exception?["description"] ?? failure)")
    }
    return (reply["result"] as? [String: Any])?["value"]
  }

  /// A key that is pressed and let go, as a person does it.
  func press(_ key: String, code: Int, text: String = "", shift: Bool = false) throws {
    for kind in ["keyDown", "keyUp"] {
      try send(
        "Input.dispatchKeyEvent",
        [
          "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code,
          "modifiers": shift ? 8 : 0,
        ].merging(kind == "keyDown" && !text.isEmpty ? ["text": text] : [:]) { $1 })
    }
  }

  func resize(width: Int) throws {
    try send(
      "Emulation.setDeviceMetricsOverride",
      ["width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500])
  }

  /// What a page believes of its medium: `prefers-color-scheme` and the like, and `print`.
  func imitate(_ features: [String: String] = [:], medium: String = "screen") throws {
    let list = features.map { ["name": $0.key, "value": $0.value] }
    try send("Emulation.setEmulatedMedia", ["media": medium, "features": list])
  }
}
