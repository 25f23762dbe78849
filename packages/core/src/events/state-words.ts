/**
 * What labs call states of behaviour, as far as measures must know it: whose eyes are where, who cries, and what is no state at all.
 * The words are ours, gathered from published coding schemes; what fits none of them is a state like any other.
 */
export const STATE_WORDS = {
  /** Nobody could know. Never taken for its opposite. */
  unknown: /^(unknown|n\/a|na|uncoded|uncodable)$/i,
  /** Nothing of the layer's kind is going on. */
  rest: /^(none|no|off|silent|silence|quiet|no-touch|absent)$/i,
  /** Sounds that are no utterance: vegetative sounds do not open or take a turn. */
  notVoice: /vegetative|breath|burp|hiccup|cough|sneeze/i,
  /** Cries are counted apart from protophones. */
  cry: /cry|cries|fuss|distress|scream/i,
  /** Eyes, or head and eyes, at the other. */
  looksAtPartner: /^(direct|direct-oblique|partner|mutual|eye-contact|adult|infant|parent|face)$/i,
  /** Layers in which something always holds: what is not coded there is not known, and in all others it is rest. */
  alwaysLayer: /^(gaze|phase|condition|task|posture)$/i,
} as const;
