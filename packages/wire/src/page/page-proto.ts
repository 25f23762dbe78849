/**
 * What travels between a session and its pages, for writers of other pages: one binary WebSocket message is one `Frame`. The JSON of
 * documents and commands is what their schemas say (`pageDocumentSchema`, `pageCommandSchema`); samples are packed floats.
 * Adding fields is compatible; changing or reusing a number is not.
 */
export const PAGE_PROTO = `
syntax = "proto3";
package attune.page.v1;

message Frame {
  oneof body {
    Traces traces = 1;
    Document document = 2;
    Document command = 3;
  }
}

message Traces {
  string stream_id = 1;
  double start = 2;
  double step = 3;
  uint32 n_channels = 4;
  uint32 n_samples = 5;
  // n_channels * n_samples values, channel after channel; twice as many for an envelope.
  repeated float data = 6;
  bool is_envelope = 7;
  bool is_past = 8;
}

message Document {
  string kind = 1;
  string json = 2;
}
`;
