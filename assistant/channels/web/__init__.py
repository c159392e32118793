"""The website widget: sessions and messages over HTTP and Socket.IO."""
