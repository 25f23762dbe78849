export {
  InterbeatSeries,
  type InterbeatSeriesOptions,
  interbeatSeries,
  type SeriesMethod,
  type UniformChunk,
  type UniformSeries,
} from "./interbeat-series.ts";
