// The tab's texts in Chinese.

import { formatsOf } from "../../i18n/formats.js";

const { number, wholePercent } = formatsOf("zh");

/** @type {import("./en.js").Words} */
export const zh = {
  shell: {
    label: "看什么",
    views: { path: "路径", cut: "剪断", why: "为什么", knows: "它知道什么", learns: "它怎样学习", stops: "导览" },
    failed: "看内部没有启动。请打开此页面的另一个标签，再回来重试。",
  },

  // The network and what happens in it

  path: {},

  // Its branches and skips, switched off

  cut: {},

  // Which parts of the picture an answer comes from

  why: {},

  // Samples and how near they are to one another

  knows: {},

  // Two networks that learn side by side

  learns: {
    title: "两个网络并排学习",
    intro: "两个网络深度相同，从相同的随机卷积核开始，按相同的顺序看相同的图片。不同之处由您来切换。每个网络的宽度是 ResNet-50 的八分之一，对手还一无所知。",
    rule: (count, rate) =>
      `每一步：${number(count)} 张 32 × 32 像素的图片，两个网络都用动量 0.9、学习率 ${rate} 的梯度下降。卷积核按 Glorot 和 Bengio 的方法初始化，与课程相同。`,
    depth: "深度",
    layers: (count) => `${number(count)} 层`,
    a: "网络 A",
    b: "网络 B",
    skips: "跳跃连接",
    norm: "批归一化",
    variants: { "skips-norm": "有跳跃连接，有批归一化", skips: "有跳跃连接，无批归一化", norm: "无跳跃连接，有批归一化", plain: "无跳跃连接，无批归一化" },
    pictures: "图片",
    drawn: "画出的手",
    own: (count) => `您的样本（${number(count)}）`,
    train: "训练两者",
    pause: "暂停",
    one: "走一步",
    reset: "重新开始",
    idle: "训练两者，或一步一步地走。第一步测量两个网络初始化时的状态。",
    preparing: "正在加载训练所需的内容…",
    givenUp: "已放弃",
    line: (count, loss, otherLoss) => `${number(count)} 步。损失：网络 A ${loss}，网络 B ${otherLoss}。`,
    step: (count) => `${number(count)} 步`,
    stage: (stage) => `阶段 ${stage}`,
    charts: {
      lossTitle: "每一步的损失",
      lossNote: "细线：每一步。粗线：最近十步的平均。点线：乱猜的代价。",
      lossLabel: (count, loss, otherLoss) => `${number(count)} 步之后的损失：网络 A ${loss}，网络 B ${otherLoss}`,
      guessing: "乱猜",
      normTitle: "每一层梯度的范数",
      normNote: "左边是输入，右边是答案，对数刻度。条形：现在。横线：初始化时。",
      normLabel: (network, first, last) => `${network}的梯度：第一层的范数是 ${first}，最后一层是 ${last}`,
      empty: "还没有测量",
    },
    tables: {
      losses: "损失表格",
      norms: "梯度表格",
      lossCaption: "若干步的损失和正确率",
      normCaption: "每一层卷积核梯度的范数",
      step: "步",
      layer: "层",
      kernel: "卷积核",
      loss: (network) => `${network}：损失`,
      right: (network) => `${network}：正确`,
      start: (network) => `${network}：初始化时`,
      now: (network) => `${network}：现在`,
    },
    found: {
      title: "这里的实际情况",
      grows: (first, last, times) => `初始化时，3×3 卷积核的梯度范数在最后一个块是 ${last}，在第一个块是 ${first}：在反向途中增大到 ${times} 倍。`,
      shrinks: (first, last, times) => `初始化时，3×3 卷积核的梯度范数在最后一个块是 ${last}，在第一个块是 ${first}：在反向途中缩小到 ${times} 分之一。`,
      even: (first, last, times) => `初始化时，3×3 卷积核的梯度范数在最后一个块是 ${last}，在第一个块是 ${first}：相差不大，在 ${times} 倍以内。`,
      steps: (steps) => `变化最大的卷积核要走 ${steps} 步这么大的步子，变化才与它自身的大小相当。`,
      lost: (steps) => `即使是变化最大的卷积核，也要走 ${steps} 步这么大的步子，变化才与它自身的大小相当。单独一步会在 float32 的舍入中丢失。`,
      now: (count, first, last) => `${number(count)} 步之后，最后一个块的范数是 ${last}，第一个块是 ${first}。`,
      standing: (loss, accuracy) => `最近十步的损失是 ${loss}，${wholePercent(accuracy)} 的答案正确。`,
      givenUp: (count) => `在第 ${number(count)} 步，损失或某个梯度不再是有限的数，这个网络被放弃。`,
    },
    claims: {
      title: "文献怎么说",
      glorot: "没有批归一化时，梯度的大小取决于初始的卷积核：如果不合适，梯度在反向途中逐层变小。两个网络所用的初始化正是为避免这一点而设计的，但针对没有 ReLU 的层。",
      he: "有批归一化的普通网络不会出现梯度消失：前向和反向的范数都是健康的。所以这不是深层普通网络难以训练的原因。",
      degradation: "普通网络越深越差，即使是在训练图片上。有跳跃连接时则不会。",
      balduzzi: "没有跳跃连接时，深层网络的梯度会变得像白噪声：足够大，但对相似的图片却各不相同。有跳跃连接时，这种情况出现得晚得多。",
      santurkar: "批归一化的帮助不在于让激活值的分布保持稳定，而在于让损失更平滑，使一个梯度对更大的步子也有效。",
      yang: "没有跳跃连接时，批归一化本身会使初始化时的梯度随深度指数增长。这时非常深的网络无法训练。",
    },
    here: {
      set: (variant) => `要在这里看到，请把其中一个网络切换为：${variant}。`,
      notYet: "要在这里看到，请走一步。",
      vanishes: (network, first, last) => `在这里，${network}的梯度消失了：最后一个块是 ${last}，第一个块是 ${first}。`,
      stays: (network, first, last) => `在这里，${network}的梯度没有消失：最后一个块是 ${last}，第一个块是 ${first}。`,
      grows: (network, times) => `在这里，${network}的梯度从最后一个块到第一个块增大到 ${times} 倍。`,
      doesNotGrow: (network, first, last) => `在这里，${network}的梯度没有明显增大：最后一个块是 ${last}，第一个块是 ${first}。`,
      losses: (count, loss, otherLoss) => `在这里，${number(count)} 步之后：有跳跃连接的损失是 ${loss}，没有的是 ${otherLoss}。`,
      pair: "要在这里看到，请让两个网络只在跳跃连接上不同，并训练 30 步。",
      unmeasured: "这里没有测量：这个视图只说明梯度有多大。",
    },
  },

  // Five guided stops

  stops: {},
};
