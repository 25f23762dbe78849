/**
 * The ingest on the wire, for writers of clients in other languages: a binary frame of the socket is one
 * `Message`. Samples are raw little-endian floats in `bytes`, sample by sample. Adding fields is compatible;
 * changing or reusing a number is not.
 */
export const INGEST_PROTO = `
syntax = "proto3";
package attune.v1;

message Message {
  oneof body {
    Hello hello = 1;
    Welcome welcome = 2;
    Chunk chunk = 3;
    Event event = 4;
    State state = 5;
    Quality quality = 6;
    Ping ping = 7;
    Pong pong = 8;
    Bye bye = 9;
  }
}

message Channel {
  string label = 1;
  string unit = 2;
}

message StreamDescription {
  string name = 1;
  string type = 2;
  repeated Channel channels = 3;
  double nominal_sampling_rate = 4;
  Format sample_format = 5;
  double declared_latency = 6;
  string source_id = 7;
}

enum Format {
  FLOAT32 = 0;
  DOUBLE64 = 1;
}

message Hello {
  string device = 1;
  string clock_id = 2;
  repeated StreamDescription streams = 3;
}

message Welcome {
  string session_id = 1;
  double server_time = 2;
}

message Chunk {
  string stream = 1;
  uint32 sequence = 2;
  uint32 n_samples = 3;
  uint32 n_channels = 4;
  Format format = 5;
  // n_samples * n_channels floats, little-endian, [sample, channel]
  bytes data = 6;
  // nothing, or n_samples doubles, little-endian, seconds on the client's clock
  bytes device_time = 7;
}

message Event {
  string label = 1;
  optional double time = 2;
  optional double latency = 3;
}

message State {
  string person = 1;
  string layer = 2;
  string state = 3;
  optional double time = 4;
  optional double latency = 5;
}

message Quality {
  enum Contact {
    UNKNOWN = 0;
    GOOD = 1;
    FAIR = 2;
    BAD = 3;
    OFF = 4;
  }
  string stream = 1;
  repeated Contact channels = 2;
  repeated double kilohms = 3;
  optional double battery_percent = 4;
}

message Ping {
  double t0 = 1;
}

message Pong {
  double t0 = 1;
  double t1 = 2;
  double t2 = 3;
}

message Bye {
  string reason = 1;
}
`;
