/**
 * What a session sends to browsers, for writers of other pages. Adding fields is compatible; changing or
 * reusing a number is not.
 */
export const SESSION_PROTO = `
syntax = "proto3";
package attune.session.v1;

message Frame {
  oneof body {
    Coupling coupling = 1;
    StreamQuality quality = 2;
  }
}

message Health {
  string status = 1;
  double spectral_radius = 2;
  double parameter_ratio = 3;
  double n_observations = 4;
}

message DirectedValue {
  string from = 1;
  string to = 2;
  string band = 3;
  string measure = 4;
  double value = 5;
  double null_mean = 6;
  double null_sd = 7;
  double corrected = 8;
  double z = 9;
  double p = 10;
}

message Coupling {
  double at = 1;
  string condition = 2;
  string scope = 3;
  repeated DirectedValue values = 4;
  uint32 n_windows = 5;
  double effective_samples = 6;
  Health health = 7;
}

message ChannelQuality {
  string label = 1;
  string contact = 2;
  double kilohms = 3;
}

message StreamQuality {
  double at = 1;
  string stream_id = 2;
  repeated ChannelQuality channels = 3;
  double n_samples = 4;
  double n_lost = 5;
  double measured_sampling_rate = 6;
  double drift_ppm = 7;
  double jitter_rms = 8;
}
`;
