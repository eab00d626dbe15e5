"""Token ids in, unit vectors out: the module that is exported."""

import torch

POOLINGS = ("cls", "mean", "max", "mean-sqrt", "last", "mean-with-padding")


class Product(torch.nn.Module):
    """torch.nn.Linear with its weights turned, [inputs, outputs]: a MatMul by a constant and an Add in the graph."""

    def __init__(self, linear: torch.nn.Linear) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(linear.weight.detach().t().contiguous(), requires_grad=False)
        self.bias = linear.bias

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        product = torch.matmul(x, self.weight)
        return product if self.bias is None else product + self.bias


class Embedder(torch.nn.Module):
    """`first_position` other than 0 asks for positions made from the length alone."""

    def __init__(
        self, transformer: torch.nn.Module, head: torch.nn.Sequential, *, pooling: str, first_position: int
    ) -> None:
        super().__init__()
        self.transformer = transformer
        self.head = head
        self.pooling = pooling
        self.first_position = first_position
        turn(self)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None) -> torch.Tensor:
        """int64 [rows, length] -> float32 [rows, dimension], rows of length one."""
        given = {"input_ids": input_ids, "attention_mask": attention_mask}
        if attention_mask is None and self.first_position:
            positions = torch.arange(input_ids.shape[1]) + self.first_position
            given["position_ids"] = positions.unsqueeze(0).expand_as(input_ids)
        states = self.transformer(**given).last_hidden_state
        return _unit(self.head(pool(states, self.pooling)))


def turn(module: torch.nn.Module) -> None:
    """Replace every linear layer in place, one at a time, so that two copies of one layer is all there ever is."""
    for name, child in module.named_children():
        if isinstance(child, torch.nn.Linear):
            setattr(module, name, Product(child))
        else:
            turn(child)


def pool(states: torch.Tensor, pooling: str) -> torch.Tensor:
    """[rows, length, hidden] -> [rows, hidden]; every position counts, padding too where there is any."""
    if pooling == "cls":
        return states[:, 0]
    if pooling == "last":
        return states[:, -1]
    if pooling == "max":
        return states.amax(dim=1)
    length = states.shape[1]
    # ONNX Runtime's ReduceSum adds in another order when there are few rows; a product with ones does not.
    total = torch.matmul(torch.ones(1, length), states).squeeze(1)
    return total / (length**0.5 if pooling == "mean-sqrt" else length)


def _unit(x: torch.Tensor) -> torch.Tensor:
    """By rows, so not by ReduceL2, for the same reason."""
    if torch.onnx.is_in_onnx_export():
        return torch.onnx.ops.symbolic("LpNormalization", (x,), {"axis": -1, "p": 2}, dtype=x.dtype, shape=x.shape)
    return torch.nn.functional.normalize(x)
