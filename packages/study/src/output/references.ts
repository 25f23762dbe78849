/** Works that a methods text can cite, by the short name that the text uses. */
export const references = {
  "Baccalá et al., 2007":
    "Baccalá, L. A., Sameshima, K., & Takahashi, D. Y. (2007). Generalized partial directed coherence. In 15th International Conference on Digital Signal Processing (pp. 163–166). IEEE.",
  "Baccalá & Sameshima, 2001":
    "Baccalá, L. A., & Sameshima, K. (2001). Partial directed coherence: a new concept in neural structure determination. Biological Cybernetics, 84, 463–474.",
  "Benjamini & Hochberg, 1995":
    "Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate: a practical and powerful approach to multiple testing. Journal of the Royal Statistical Society B, 57, 289–300.",
  "Freedman & Lane, 1983":
    "Freedman, D., & Lane, D. (1983). A nonstochastic interpretation of reported significance levels. Journal of Business & Economic Statistics, 1, 292–298.",
  "Haufe et al., 2013":
    "Haufe, S., Nikulin, V. V., Müller, K.-R., & Nolte, G. (2013). A critical assessment of connectivity measures for EEG data: a simulation study. NeuroImage, 64, 120–133.",
  "Kwiatkowski et al., 1992":
    "Kwiatkowski, D., Phillips, P. C. B., Schmidt, P., & Shin, Y. (1992). Testing the null hypothesis of stationarity against the alternative of a unit root. Journal of Econometrics, 54, 159–178.",
  "Leong et al., 2017":
    "Leong, V., Byrne, E., Clackson, K., Georgieva, S., Lam, S., & Wass, S. (2017). Speaker gaze increases information coupling between infant and adult brains. Proceedings of the National Academy of Sciences, 114, 13290–13295.",
  "Li & McLeod, 1981":
    "Li, W. K., & McLeod, A. I. (1981). Distribution of the residual autocorrelations in multivariate ARMA time series models. Journal of the Royal Statistical Society B, 43, 231–239.",
  "Lütkepohl, 2005": "Lütkepohl, H. (2005). New introduction to multiple time series analysis. Springer.",
  "Marriott Haresign et al., 2022":
    "Marriott Haresign, I., Phillips, E. A. M., Whitehorn, M., Goupil, L., Noreika, V., Leong, V., & Wass, S. V. (2022). Measuring the temporal dynamics of inter-personal neural entrainment in continuous child-adult EEG hyperscanning data. Developmental Cognitive Neuroscience, 54, 101093.",
  "Phipson & Smyth, 2010":
    "Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero: calculating exact p-values when permutations are randomly drawn. Statistical Applications in Genetics and Molecular Biology, 9, 39.",
  "Prichard & Theiler, 1994":
    "Prichard, D., & Theiler, J. (1994). Generating surrogate data for time series with several simultaneously measured variables. Physical Review Letters, 73, 951–954.",
  "Schlögl, 2006":
    "Schlögl, A. (2006). A comparison of multivariate autoregressive estimators. Signal Processing, 86, 2426–2429.",
} as const;

export type Citation = keyof typeof references;

/** Citations in the order of the alphabet, each once. */
export const bibliography = (cited: Iterable<Citation>): string[] =>
  [...new Set(cited)].sort((a, b) => (references[a] < references[b] ? -1 : 1)).map((key) => references[key]);
