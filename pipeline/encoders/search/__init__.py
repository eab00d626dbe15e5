"""Which recipe of an encoder is fastest without a loss: Optuna proposes, every proposal is made, asked and timed.

Needs the extra `search` (optuna) and, to make models, `models`; for OpenVINO's precisions also `openvino`. What reads
a study that was made (`study`, `trial`, `figure`, `report`) needs the plain install only.
"""
